import { commonRows, options, read, write } from './rows.ts';
import type { Definitions } from './rows.ts';

const INFO = 'dealinformation';
const ACTIVITY = 'deal_activity';

/** The stages of `pipeline` and `dealstage` are those of the account's pipelines. */
export const DEAL_DEFINITIONS: Definitions = {
  groups: {
    dealinformation: 'Deal Information',
    deal_activity: 'Deal activity',
    deal_revenue: 'Deal revenue',
  },
  rows: [
    write('text', INFO, 'dealname hs_next_step closed_lost_reason closed_won_reason deal_currency_code'),
    write('textarea', INFO, 'description'),
    write('number', INFO, 'amount hs_deal_stage_probability hs_forecast_probability'),
    write('stage', INFO, 'pipeline dealstage'),
    write('datetime', INFO, 'closedate'),
    write(
      'select',
      INFO,
      'dealtype',
      options({ newbusiness: 'New Business', existingbusiness: 'Existing Business' }),
    ),
    write('select', INFO, 'hs_priority', options({ low: 'Low', medium: 'Medium', high: 'High' })),
    write('select', INFO, 'hs_manual_forecast_category', options('OMIT PIPELINE BEST_CASE COMMIT CLOSED')),
    read('datetime', INFO, 'createdate hs_v2_date_entered_current_stage hs_v2_time_in_current_stage'),
    read('number', INFO, 'days_to_close'),
    read(
      'number',
      'deal_revenue',
      'amount_in_home_currency hs_projected_amount hs_forecast_amount hs_closed_amount',
    ),
    read('number', 'deal_revenue', 'hs_projected_amount_in_home_currency hs_closed_amount_in_home_currency'),
    read('number', 'deal_revenue', 'hs_acv hs_arr hs_mrr hs_tcv'),
    read('bool', INFO, 'hs_is_closed hs_is_closed_won hs_is_closed_lost hs_is_open_count hs_is_deal_split'),
    read(
      'number',
      INFO,
      'num_associated_contacts num_notes num_contacted_notes hs_num_of_associated_line_items',
    ),
    read('number', INFO, 'hs_is_closed_count hs_is_in_first_deal_stage hs_num_associated_deal_splits'),
    read('datetime', ACTIVITY, 'notes_last_contacted notes_last_updated notes_next_activity_date'),
    read('text', INFO, 'hs_primary_associated_company'),
    ...commonRows(INFO),
  ],
  labels: {
    dealname: 'Deal Name',
    dealstage: 'Deal Stage',
    closedate: 'Close Date',
    hubspot_owner_id: 'Deal owner',
    createdate: 'Create Date',
    hs_object_id: 'Record ID',
  },
  calculated:
    'amount_in_home_currency hs_projected_amount hs_forecast_amount hs_closed_amount hs_is_closed hs_is_closed_won',
};
