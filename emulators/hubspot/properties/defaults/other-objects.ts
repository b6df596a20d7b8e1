import { commonRows, options, read, write } from './rows.ts';
import type { Definitions, Row } from './rows.ts';

/** Leads, services and the rest: their everyday properties, in one group each. */
const object = (group: string, label: string, rows: readonly Row[]): Definitions => ({
  groups: { [group]: label },
  rows: [...rows, ...commonRows(group)],
  labels: { hs_object_id: 'Record ID' },
});

const LEAD = 'lead_information';
const SERVICE = 'service_information';
const COURSE = 'course_information';
const LISTING = 'listing_information';
const APPOINTMENT = 'appointment_information';
const USER = 'user_information';
const GOAL = 'goal_information';
const FEEDBACK = 'feedback_information';

export const OTHER_DEFINITIONS: Readonly<Record<string, Definitions>> = {
  '0-136': object(LEAD, 'Lead information', [
    write('text', LEAD, 'hs_lead_name hs_lead_disqualification_note'),
    write('select', LEAD, 'hs_lead_type', options('NEW_BUSINESS RE_ATTEMPTING UPSELL')),
    write('select', LEAD, 'hs_lead_label', options('HOT WARM COLD')),
    write('stage', LEAD, 'hs_pipeline hs_pipeline_stage'),
  ]),
  '0-162': object(SERVICE, 'Service information', [
    write('text', SERVICE, 'hs_name hs_category hs_status'),
    write('textarea', SERVICE, 'hs_description'),
    write('number', SERVICE, 'hs_amount_paid hs_amount_remaining hs_total_cost hs_duration'),
    write('datetime', SERVICE, 'hs_start_date hs_target_end_date hs_close_date'),
    write('stage', SERVICE, 'hs_pipeline hs_pipeline_stage'),
  ]),
  '0-410': object(COURSE, 'Course information', [
    write('text', COURSE, 'hs_course_name hs_course_id hs_enrollment_capacity hs_instructor_name'),
    write('textarea', COURSE, 'hs_course_description'),
    write('number', COURSE, 'hs_price hs_credit_count'),
    write('datetime', COURSE, 'hs_start_date hs_end_date'),
    write('stage', COURSE, 'hs_pipeline hs_pipeline_stage'),
  ]),
  '0-420': object(LISTING, 'Listing information', [
    write(
      'text',
      LISTING,
      'hs_name hs_address_1 hs_address_2 hs_city hs_state_province hs_zip hs_neighborhood',
    ),
    write('text', LISTING, 'hs_listing_type hs_url'),
    write('number', LISTING, 'hs_price hs_bedrooms hs_bathrooms hs_square_footage hs_lot_size hs_year_built'),
    write('stage', LISTING, 'hs_pipeline hs_pipeline_stage'),
  ]),
  '0-421': object(APPOINTMENT, 'Appointment information', [
    write('text', APPOINTMENT, 'hs_appointment_name hs_location hs_appointment_status'),
    write('datetime', APPOINTMENT, 'hs_appointment_start hs_appointment_end'),
    write('number', APPOINTMENT, 'hs_duration'),
    write('stage', APPOINTMENT, 'hs_pipeline hs_pipeline_stage'),
  ]),
  '0-115': object(USER, 'User information', [
    write(
      'text',
      USER,
      'hs_job_title hs_main_phone hs_working_hours hs_additional_phone hs_standard_time_zone',
    ),
    write('select', USER, 'hs_availability_status', options('available away')),
    read('text', USER, 'hs_email hs_given_name hs_family_name hs_internal_user_id hs_deactivated'),
  ]),
  '0-74': object(GOAL, 'Goal information', [
    write('text', GOAL, 'hs_goal_name'),
    write('number', GOAL, 'hs_target_amount hs_assignee_user_id'),
    write('datetime', GOAL, 'hs_start_datetime hs_end_datetime'),
  ]),
  '0-19': object(FEEDBACK, 'Feedback information', [
    read('text', FEEDBACK, 'hs_content hs_survey_id hs_survey_name hs_survey_type hs_response_group'),
    read('number', FEEDBACK, 'hs_value'),
    read('datetime', FEEDBACK, 'hs_submission_timestamp'),
  ]),
};

/** A custom object before anyone gives it properties. */
export const CUSTOM_DEFINITIONS: Definitions = object(
  'custom_object_information',
  'Custom object information',
  [],
);
