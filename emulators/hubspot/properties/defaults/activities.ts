import { commonRows, options, read, write } from './rows.ts';
import type { Definitions, Row } from './rows.ts';

const INFO = 'engagement';

/** What every activity has, and what it has of its own. */
const activity = (rows: readonly Row[]): Definitions => ({
  groups: { engagement: 'Engagement Information' },
  rows: [
    write('datetime', INFO, 'hs_timestamp'),
    // File ids, separated by semicolons.
    write('text', INFO, 'hs_attachment_ids'),
    ...rows,
    read('text', INFO, 'hs_body_preview hs_body_preview_html hs_obj_coords hs_engagement_source'),
    read('bool', INFO, 'hs_body_preview_is_truncated'),
    ...commonRows(INFO),
  ],
  labels: {
    hs_timestamp: 'Activity date',
    hubspot_owner_id: 'Activity assigned to',
    hs_object_id: 'Record ID',
  },
  calculated: 'hs_body_preview hs_body_preview_html hs_body_preview_is_truncated hs_obj_coords',
});

export const ACTIVITY_DEFINITIONS: Readonly<Record<string, Definitions>> = {
  // notes
  '0-46': activity([write('textarea', INFO, 'hs_note_body')]),
  // tasks; IN_PROGRESS and DEFERRED are not in the documentation's list, but in its examples.
  '0-27': activity([
    write('text', INFO, 'hs_task_subject hs_queue_membership_ids'),
    write('textarea', INFO, 'hs_task_body'),
    write('select', INFO, 'hs_task_status', options('NOT_STARTED IN_PROGRESS WAITING COMPLETED DEFERRED')),
    write('select', INFO, 'hs_task_priority', options('NONE LOW MEDIUM HIGH')),
    write('select', INFO, 'hs_task_type', options('EMAIL CALL TODO')),
    write('text', INFO, 'hs_task_reminders'),
    read('select', INFO, 'hs_task_family', options('SALES SERVICE')),
    read('datetime', INFO, 'hs_task_completion_date'),
    read('bool', INFO, 'hs_task_is_completed hs_task_is_overdue hs_task_is_past_due_date'),
    read('bool', INFO, 'hs_task_is_all_day hs_task_missed_due_date hs_task_for_object_type_is_known'),
    read('number', INFO, 'hs_task_is_completed_count hs_task_missed_due_date_count hs_task_is_open_count'),
    read('number', INFO, 'hs_task_completion_count hs_num_associated_contacts hs_num_associated_companies'),
  ]),
  // calls
  '0-48': activity([
    write('text', INFO, 'hs_call_title hs_call_recording_url hs_call_callee_object_id hs_activity_type'),
    write('textarea', INFO, 'hs_call_body'),
    write('phone', INFO, 'hs_call_from_number hs_call_to_number'),
    write('number', INFO, 'hs_call_duration'),
    write('select', INFO, 'hs_call_direction', options('INBOUND OUTBOUND')),
    // A guid of one of the account's dispositions.
    write('text', INFO, 'hs_call_disposition'),
    write(
      'select',
      INFO,
      'hs_call_status',
      options(
        'BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS MISSED NO_ANSWER QUEUED RINGING',
      ),
    ),
  ]),
  // meetings
  '0-47': activity([
    write('text', INFO, 'hs_meeting_title hs_meeting_location hs_meeting_external_url hs_activity_type'),
    write('textarea', INFO, 'hs_meeting_body hs_internal_meeting_notes'),
    write('datetime', INFO, 'hs_meeting_start_time hs_meeting_end_time'),
    write('select', INFO, 'hs_meeting_outcome', options('SCHEDULED COMPLETED RESCHEDULED NO_SHOW CANCELED')),
  ]),
  // emails; from and to are read from the headers.
  '0-49': activity([
    write('text', INFO, 'hs_email_subject'),
    write('textarea', INFO, 'hs_email_text hs_email_html hs_email_headers'),
    write('select', INFO, 'hs_email_direction', options('EMAIL INCOMING_EMAIL FORWARDED_EMAIL DRAFT_EMAIL')),
    write('select', INFO, 'hs_email_status', options('BOUNCED FAILED SCHEDULED SENDING SENT')),
    read(
      'text',
      INFO,
      'hs_email_from_email hs_email_from_firstname hs_email_from_lastname hs_email_from_raw',
    ),
    read('text', INFO, 'hs_email_to_email hs_email_to_firstname hs_email_to_lastname hs_email_to_raw'),
    read('text', INFO, 'hs_email_sender_email hs_email_cc_email hs_email_bcc_email'),
  ]),
  // communications
  '0-18': activity([
    write('textarea', INFO, 'hs_communication_body'),
    write(
      'select',
      INFO,
      'hs_communication_channel_type',
      options('WHATS_APP LINKEDIN_MESSAGE SMS CUSTOM_CHANNEL_CONVERSATION'),
    ),
    write('select', INFO, 'hs_communication_logged_from', options('CRM INTEGRATION')),
  ]),
  // postal mail
  '0-116': activity([write('textarea', INFO, 'hs_postal_mail_body')]),
};
