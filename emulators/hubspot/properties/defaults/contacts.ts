import type { PropertyOption } from '../property.ts';
import { options, read, write } from './rows.ts';
import type { Definitions } from './rows.ts';

/** Contacts as a fresh account has them: the everyday properties and the ones that HubSpot computes. */
const groups = {
  contactinformation: 'Contact information',
  emailinformation: 'Email information',
  analyticsinformation: 'Web analytics history',
  conversioninformation: 'Conversion information',
  contactlcs: 'Lifecycle stage properties',
  contact_activity: 'Contact activity',
  socialmediainformation: 'Social media information',
  sales_properties: 'Sales properties',
};

/** In the order of the funnel: contacts and companies move only forward in this list. */
export const LIFECYCLE_STAGES: readonly PropertyOption[] = options({
  subscriber: 'Subscriber',
  lead: 'Lead',
  marketingqualifiedlead: 'Marketing Qualified Lead',
  salesqualifiedlead: 'Sales Qualified Lead',
  opportunity: 'Opportunity',
  customer: 'Customer',
  evangelist: 'Evangelist',
  other: 'Other',
});

const LEAD_STATUSES = options({
  NEW: 'New',
  OPEN: 'Open',
  IN_PROGRESS: 'In Progress',
  OPEN_DEAL: 'Open Deal',
  UNQUALIFIED: 'Unqualified',
  ATTEMPTED_TO_CONTACT: 'Attempted to Contact',
  CONNECTED: 'Connected',
  BAD_TIMING: 'Bad Timing',
});

const SOURCES = options({
  ORGANIC_SEARCH: 'Organic Search',
  PAID_SEARCH: 'Paid Search',
  EMAIL_MARKETING: 'Email Marketing',
  SOCIAL_MEDIA: 'Organic Social',
  REFERRALS: 'Referrals',
  OTHER_CAMPAIGNS: 'Other Campaigns',
  DIRECT_TRAFFIC: 'Direct Traffic',
  OFFLINE: 'Offline Sources',
  PAID_SOCIAL: 'Paid Social',
});

const MARKETABLE = options({ true: 'Marketing contact', false: 'Non-marketing contact' });

const INFO = 'contactinformation';
const ACTIVITY = 'contact_activity';
const ANALYTICS = 'analyticsinformation';

const rows = [
  write(
    'text',
    INFO,
    'email firstname lastname salutation company jobtitle website address city state zip country',
  ),
  write(
    'text',
    INFO,
    'work_email fax industry degree field_of_study school seniority job_function military_status',
  ),
  write(
    'text',
    INFO,
    'gender marital_status relationship_status date_of_birth start_date graduation_date company_size',
  ),
  write('text', INFO, 'annualrevenue hs_ip_timezone hs_linkedin_url'),
  write('phone', INFO, 'phone mobilephone'),
  write('textarea', INFO, 'message hs_content_membership_notes'),
  write('text', 'socialmediainformation', 'twitterhandle twitterbio twitterprofilephoto linkedinbio photo'),
  write('number', 'socialmediainformation', 'followercount linkedinconnections kloutscoregeneral'),
  write('select', INFO, 'lifecyclestage', LIFECYCLE_STAGES),
  write('select', 'sales_properties', 'hs_lead_status', LEAD_STATUSES),
  write('owner', 'sales_properties', 'hubspot_owner_id'),
  write('datetime', 'contactlcs', 'closedate'),
  write('select', INFO, 'hs_marketable_status', MARKETABLE),
  write('text', ANALYTICS, 'hs_google_click_id hs_facebook_click_id'),
  read(
    'text',
    INFO,
    'hs_additional_emails hs_email_domain hs_full_name_or_email hs_all_contact_vids hs_merged_object_ids',
  ),
  read(
    'text',
    INFO,
    'hs_pipeline hs_object_source hs_object_source_id hs_object_source_label hs_object_source_user_id',
  ),
  read(
    'text',
    INFO,
    'hs_object_source_detail_1 hs_object_source_detail_2 hs_object_source_detail_3 hs_created_by_user_id',
  ),
  read(
    'text',
    INFO,
    'hs_searchable_calculated_phone_number hs_searchable_calculated_mobile_number hs_updated_by_user_id',
  ),
  read(
    'text',
    INFO,
    'hs_calculated_phone_number hs_calculated_mobile_number hs_calculated_form_submissions hs_calculated_merged_vids',
  ),
  read(
    'number',
    INFO,
    'hs_object_id associatedcompanyid hs_registered_member num_associated_deals num_notes num_contacted_notes',
  ),
  read(
    'bool',
    INFO,
    'hs_is_contact hs_is_unworked hs_read_only hs_was_imported hs_content_membership_email_confirmed',
  ),
  read(
    'datetime',
    INFO,
    'createdate lastmodifieddate hs_lastmodifieddate hs_createdate hubspot_owner_assigneddate',
  ),
  read('datetime', 'contactlcs', 'hs_v2_date_entered_current_stage hs_v2_time_in_current_stage'),
  read(
    'datetime',
    'contactlcs',
    LIFECYCLE_STAGES.map(({ value }) => `hs_lifecyclestage_${value}_date`).join(' '),
  ),
  read('bool', 'emailinformation', 'hs_email_optout hs_email_bad_address hs_email_is_ineligible'),
  read(
    'number',
    'emailinformation',
    'hs_email_bounce hs_email_click hs_email_delivered hs_email_open hs_email_replied',
  ),
  read(
    'datetime',
    'emailinformation',
    'hs_email_first_open_date hs_email_last_open_date hs_email_last_send_date',
  ),
  read('select', ANALYTICS, 'hs_analytics_source hs_latest_source', SOURCES),
  read(
    'text',
    ANALYTICS,
    'hs_analytics_source_data_1 hs_analytics_source_data_2 hs_analytics_first_url hs_analytics_last_url',
  ),
  read('text', ANALYTICS, 'hs_analytics_first_referrer hs_analytics_last_referrer'),
  read(
    'number',
    ANALYTICS,
    'hs_analytics_num_page_views hs_analytics_num_visits hs_analytics_num_event_completions',
  ),
  read(
    'datetime',
    ANALYTICS,
    'hs_analytics_first_timestamp hs_analytics_last_timestamp hs_latest_source_timestamp',
  ),
  read('datetime', 'conversioninformation', 'first_conversion_date recent_conversion_date'),
  read('text', 'conversioninformation', 'first_conversion_event_name recent_conversion_event_name'),
  read('number', 'conversioninformation', 'num_conversion_events num_unique_conversion_events'),
  read(
    'datetime',
    ACTIVITY,
    'notes_last_contacted notes_last_updated notes_next_activity_date hs_last_sales_activity_timestamp',
  ),
  read('checkbox', INFO, 'hs_user_ids_of_all_owners hs_all_owner_ids'),
  read('text', INFO, 'hs_unique_creation_key'),
];

/** Computed by a formula rather than by an event. */
const calculated = 'hs_email_domain hs_full_name_or_email hs_is_contact hs_is_unworked hs_all_contact_vids';

const labels = {
  firstname: 'First Name',
  lastname: 'Last Name',
  email: 'Email',
  phone: 'Phone Number',
  mobilephone: 'Mobile Phone Number',
  company: 'Company Name',
  jobtitle: 'Job Title',
  website: 'Website URL',
  zip: 'Postal Code',
  hubspot_owner_id: 'Contact owner',
  createdate: 'Create Date',
  lastmodifieddate: 'Last Modified Date',
  hs_object_id: 'Record ID',
};

export const CONTACT_DEFINITIONS: Definitions = { groups, rows, labels, calculated };
