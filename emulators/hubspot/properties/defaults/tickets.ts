import { commonRows, options, read, write } from './rows.ts';
import type { Definitions } from './rows.ts';

const INFO = 'ticketinformation';

export const TICKET_DEFINITIONS: Definitions = {
  groups: { ticketinformation: 'Ticket information', ticket_activity: 'Ticket activity' },
  rows: [
    write('text', INFO, 'subject hs_custom_inbox'),
    write('textarea', INFO, 'content hs_resolution_notes'),
    write('stage', INFO, 'hs_pipeline hs_pipeline_stage'),
    // Three are documented; URGENT has been seen, but not in every account.
    write('select', INFO, 'hs_ticket_priority', options('LOW MEDIUM HIGH URGENT')),
    write(
      'checkbox',
      INFO,
      'hs_ticket_category',
      options('PRODUCT_ISSUE BILLING_ISSUE FEATURE_REQUEST GENERAL_INQUIRY'),
    ),
    write('select', INFO, 'source_type', options('CHAT EMAIL FORM PHONE')),
    write('select', INFO, 'hs_resolution', options('ISSUE_FIXED CUSTOMER_ERROR PRODUCT_LIMITATION OTHER')),
    read('text', INFO, 'hs_ticket_id hs_helpdesk_sort_timestamp hs_file_upload'),
    read('datetime', INFO, 'createdate closed_date first_agent_reply_date last_reply_date'),
    read('datetime', INFO, 'hs_v2_date_entered_current_stage hs_v2_time_in_current_stage'),
    read('number', INFO, 'time_to_close time_to_first_agent_reply hs_num_times_contacted num_notes'),
    read('number', INFO, 'num_contacted_notes hs_num_associated_companies hs_num_associated_conversations'),
    read('bool', INFO, 'hs_is_closed hs_is_visible_in_help_desk'),
    read('datetime', 'ticket_activity', 'notes_last_contacted notes_last_updated notes_next_activity_date'),
    ...commonRows(INFO),
  ],
  labels: {
    subject: 'Ticket name',
    content: 'Ticket description',
    hs_pipeline: 'Pipeline',
    hs_pipeline_stage: 'Ticket status',
    hubspot_owner_id: 'Ticket owner',
    createdate: 'Create date',
    hs_object_id: 'Record ID',
  },
  calculated: 'hs_is_closed hs_ticket_id',
};
