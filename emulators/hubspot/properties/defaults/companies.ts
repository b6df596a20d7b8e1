import { LIFECYCLE_STAGES } from './contacts.ts';
import { commonRows, options, read, write } from './rows.ts';
import type { Definitions } from './rows.ts';

const INFO = 'companyinformation';
const LIFECYCLE = 'companylcs';

/** The list of industries, from the documentation of default company properties (2026-11). */
const INDUSTRIES = options(
  'ACCOUNTING AIRLINES_AVIATION ALTERNATIVE_DISPUTE_RESOLUTION ALTERNATIVE_MEDICINE ANIMATION APPAREL_FASHION ' +
    'ARCHITECTURE_PLANNING ARTS_AND_CRAFTS AUTOMOTIVE AVIATION_AEROSPACE BANKING BIOTECHNOLOGY BROADCAST_MEDIA ' +
    'BUILDING_MATERIALS BUSINESS_SUPPLIES_AND_EQUIPMENT CAPITAL_MARKETS CHEMICALS CIVIC_SOCIAL_ORGANIZATION ' +
    'CIVIL_ENGINEERING COMMERCIAL_REAL_ESTATE COMPUTER_NETWORK_SECURITY COMPUTER_GAMES COMPUTER_HARDWARE ' +
    'COMPUTER_NETWORKING COMPUTER_SOFTWARE INTERNET CONSTRUCTION CONSUMER_ELECTRONICS CONSUMER_GOODS ' +
    'CONSUMER_SERVICES COSMETICS DAIRY DEFENSE_SPACE DESIGN EDUCATION_MANAGEMENT E_LEARNING ' +
    'ELECTRICAL_ELECTRONIC_MANUFACTURING ENTERTAINMENT ENVIRONMENTAL_SERVICES EVENTS_SERVICES EXECUTIVE_OFFICE ' +
    'FACILITIES_SERVICES FARMING FINANCIAL_SERVICES FINE_ART FISHERY FOOD_BEVERAGES FOOD_PRODUCTION FUND_RAISING ' +
    'FURNITURE GAMBLING_CASINOS GLASS_CERAMICS_CONCRETE GOVERNMENT_ADMINISTRATION GOVERNMENT_RELATIONS ' +
    'GRAPHIC_DESIGN HEALTH_WELLNESS_AND_FITNESS HIGHER_EDUCATION HOSPITAL_HEALTH_CARE HOSPITALITY HUMAN_RESOURCES ' +
    'IMPORT_AND_EXPORT INDIVIDUAL_FAMILY_SERVICES INDUSTRIAL_AUTOMATION INFORMATION_SERVICES ' +
    'INFORMATION_TECHNOLOGY_AND_SERVICES INSURANCE INTERNATIONAL_AFFAIRS INTERNATIONAL_TRADE_AND_DEVELOPMENT ' +
    'INVESTMENT_BANKING INVESTMENT_MANAGEMENT JUDICIARY LAW_ENFORCEMENT LAW_PRACTICE LEGAL_SERVICES ' +
    'LEGISLATIVE_OFFICE LEISURE_TRAVEL_TOURISM LIBRARIES LOGISTICS_AND_SUPPLY_CHAIN LUXURY_GOODS_JEWELRY MACHINERY ' +
    'MANAGEMENT_CONSULTING MARITIME MARKET_RESEARCH MARKETING_AND_ADVERTISING MECHANICAL_OR_INDUSTRIAL_ENGINEERING ' +
    'MEDIA_PRODUCTION MEDICAL_DEVICES MEDICAL_PRACTICE MENTAL_HEALTH_CARE MILITARY MINING_METALS ' +
    'MOTION_PICTURES_AND_FILM MUSEUMS_AND_INSTITUTIONS MUSIC NANOTECHNOLOGY NEWSPAPERS ' +
    'NON_PROFIT_ORGANIZATION_MANAGEMENT OIL_ENERGY ONLINE_MEDIA OUTSOURCING_OFFSHORING PACKAGE_FREIGHT_DELIVERY ' +
    'PACKAGING_AND_CONTAINERS PAPER_FOREST_PRODUCTS PERFORMING_ARTS PHARMACEUTICALS PHILANTHROPY PHOTOGRAPHY ' +
    'PLASTICS POLITICAL_ORGANIZATION PRIMARY_SECONDARY_EDUCATION PRINTING PROFESSIONAL_TRAINING_COACHING ' +
    'PROGRAM_DEVELOPMENT PUBLIC_POLICY PUBLIC_RELATIONS_AND_COMMUNICATIONS PUBLIC_SAFETY PUBLISHING ' +
    'RAILROAD_MANUFACTURE RANCHING REAL_ESTATE RECREATIONAL_FACILITIES_AND_SERVICES RELIGIOUS_INSTITUTIONS ' +
    'RENEWABLES_ENVIRONMENT RESEARCH RESTAURANTS RETAIL SECURITY_AND_INVESTIGATIONS SEMICONDUCTORS SHIPBUILDING ' +
    'SPORTING_GOODS SPORTS STAFFING_AND_RECRUITING SUPERMARKETS TELECOMMUNICATIONS TEXTILES THINK_TANKS TOBACCO ' +
    'TRANSLATION_AND_LOCALIZATION TRANSPORTATION_TRUCKING_RAILROAD UTILITIES VENTURE_CAPITAL_PRIVATE_EQUITY ' +
    'VETERINARY WAREHOUSING WHOLESALE WINE_AND_SPIRITS WIRELESS WRITING_AND_EDITING',
);

const TYPES = options('PROSPECT PARTNER RESELLER VENDOR OTHER');

export const COMPANY_DEFINITIONS: Definitions = {
  groups: {
    companyinformation: 'Company information',
    companylcs: 'Lifecycle stage properties',
    company_activity: 'Company activity',
    socialmediainformation: 'Social media information',
  },
  rows: [
    write('text', INFO, 'name domain website address address2 city state zip country timezone about_us'),
    write('text', INFO, 'founded_year total_money_raised web_technologies hs_ideal_customer_profile'),
    write('phone', INFO, 'phone'),
    write('textarea', INFO, 'description'),
    write('number', INFO, 'numberofemployees annualrevenue'),
    write('bool', INFO, 'is_public hs_target_account'),
    write('select', INFO, 'industry', INDUSTRIES),
    write('select', INFO, 'type', TYPES),
    write('select', LIFECYCLE, 'lifecyclestage', LIFECYCLE_STAGES),
    write('select', INFO, 'hs_lead_status', options('NEW OPEN IN_PROGRESS OPEN_DEAL UNQUALIFIED CONNECTED')),
    write('datetime', LIFECYCLE, 'closedate'),
    write('text', 'socialmediainformation', 'linkedin_company_page facebook_company_page twitterhandle'),
    write('text', INFO, 'hs_annual_revenue_currency_code'),
    write('number', INFO, 'hs_parent_company_id'),
    read('text', INFO, 'hs_additional_domains hs_task_label hs_pipeline'),
    read('datetime', INFO, 'createdate first_contact_createdate'),
    read('number', INFO, 'num_associated_contacts num_associated_deals num_notes num_contacted_notes'),
    read('number', INFO, 'hs_num_open_deals hs_num_child_companies hs_num_blockers hs_num_decision_makers'),
    read(
      'number',
      INFO,
      'hs_num_contacts_with_buying_roles hs_total_deal_value recent_deal_amount total_revenue',
    ),
    read('datetime', 'company_activity', 'notes_last_contacted notes_last_updated notes_next_activity_date'),
    read('datetime', 'company_activity', 'recent_deal_close_date hs_last_sales_activity_timestamp'),
    read('datetime', LIFECYCLE, 'hs_v2_date_entered_current_stage hs_v2_time_in_current_stage'),
    read(
      'datetime',
      LIFECYCLE,
      LIFECYCLE_STAGES.map(({ value }) => `hs_lifecyclestage_${value}_date`).join(' '),
    ),
    ...commonRows(INFO),
  ],
  labels: {
    name: 'Company name',
    domain: 'Company Domain Name',
    website: 'Website URL',
    zip: 'Postal Code',
    hubspot_owner_id: 'Company owner',
    createdate: 'Create Date',
    hs_object_id: 'Record ID',
  },
  calculated: 'hs_task_label num_associated_contacts num_associated_deals',
};
