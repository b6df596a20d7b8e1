import type { EventProperty } from './event-property.ts';

/** What every custom event may carry without defining it (custom event guide, read 2026-11). */
const NAMES = [
  'hs_asset_description',
  'hs_asset_type',
  'hs_browser',
  'hs_campaign_id',
  'hs_city',
  'hs_country',
  'hs_device_name',
  'hs_device_type',
  'hs_element_class',
  'hs_element_id',
  'hs_element_text',
  'hs_language',
  'hs_link_href',
  'hs_operating_system',
  'hs_operating_version',
  'hs_page_content_type',
  'hs_page_id',
  'hs_page_title',
  'hs_page_url',
  'hs_parent_module_id',
  'hs_referrer',
  'hs_region',
  'hs_screen_height',
  'hs_screen_width',
  'hs_touchpoint_source',
  'hs_tracking_name',
  'hs_user_agent',
  'hs_utm_campaign',
  'hs_utm_content',
  'hs_utm_medium',
  'hs_utm_source',
  'hs_utm_term',
];

/** Their types are assumed to be text, which takes any value. */
export function defaultEventProperties(at: number): EventProperty[] {
  return NAMES.map((name) => ({
    name,
    label: name.slice('hs_'.length).replaceAll('_', ' '),
    type: 'string',
    description: '',
    options: [],
    hubspotDefined: true,
    archived: false,
    createdAt: at,
    updatedAt: at,
  }));
}
