import { commonRows, options, read, write } from './rows.ts';
import type { Definitions, Row } from './rows.ts';

/** Products, line items and what else is sold, each in one group. */
const goods = (
  group: string,
  label: string,
  rows: readonly Row[],
  created = 'hs_createdate',
): Definitions => ({
  groups: { [group]: label },
  rows: [
    ...rows,
    ...(created === 'createdate' ? [read('datetime', group, 'createdate')] : []),
    ...commonRows(group),
  ],
  labels: { hs_object_id: 'Record ID', hs_sku: 'SKU' },
});

const PRODUCT = 'productinformation';
const LINE_ITEM = 'lineiteminformation';
const QUOTE = 'quoteinformation';
const INVOICE = 'invoiceinformation';
const SUBSCRIPTION = 'subscriptioninformation';
const PAYMENT = 'commerce_paymentinformation';
const ORDER = 'order_information';
const CART = 'cart_information';

const BILLING = options({
  weekly: 'Weekly',
  biweekly: 'Every two weeks',
  monthly: 'Monthly',
  quarterly: 'Quarterly',
  per_six_months: 'Semi-annually',
  annually: 'Annually',
  per_two_years: 'Every two years',
  per_three_years: 'Every three years',
});

export const COMMERCE_DEFINITIONS: Readonly<Record<string, Definitions>> = {
  '0-7': goods(
    PRODUCT,
    'Product information',
    [
      write('text', PRODUCT, 'name hs_sku hs_url hs_images hs_recurring_billing_period'),
      write('textarea', PRODUCT, 'description'),
      write('number', PRODUCT, 'price hs_cost_of_goods_sold'),
      write('select', PRODUCT, 'recurringbillingfrequency', BILLING),
      write('select', PRODUCT, 'hs_product_type', options('inventory non_inventory service')),
      write('bool', PRODUCT, 'hs_active'),
    ],
    'createdate',
  ),
  '0-8': goods(
    LINE_ITEM,
    'Line item information',
    [
      write('text', LINE_ITEM, 'name hs_sku hs_url hs_line_item_currency_code hs_recurring_billing_period'),
      write('textarea', LINE_ITEM, 'description'),
      write('number', LINE_ITEM, 'price quantity hs_product_id discount hs_discount_percentage'),
      write('number', LINE_ITEM, 'hs_cost_of_goods_sold hs_position_on_quote tax'),
      write('select', LINE_ITEM, 'recurringbillingfrequency', BILLING),
      write('date', LINE_ITEM, 'hs_recurring_billing_start_date'),
      read(
        'number',
        LINE_ITEM,
        'amount hs_pre_discount_amount hs_total_discount hs_acv hs_arr hs_mrr hs_tcv',
      ),
    ],
    'createdate',
  ),
  '0-14': goods(QUOTE, 'Quote information', [
    write('text', QUOTE, 'hs_title hs_currency hs_language hs_locale hs_sender_email hs_sender_company_name'),
    write('textarea', QUOTE, 'hs_comments hs_terms'),
    write('datetime', QUOTE, 'hs_expiration_date'),
    write('bool', QUOTE, 'hs_esign_enabled hs_payment_enabled'),
    write(
      'select',
      QUOTE,
      'hs_status',
      options('DRAFT APPROVAL_NOT_NEEDED PENDING_APPROVAL APPROVED REJECTED'),
    ),
    read('text', QUOTE, 'hs_quote_link hs_quote_number hs_slug hs_pdf_download_link'),
    read('number', QUOTE, 'hs_quote_amount'),
  ]),
  '0-53': goods(INVOICE, 'Invoice information', [
    write('text', INVOICE, 'hs_currency hs_purchase_order_number hs_comments hs_external_invoice_id'),
    write('datetime', INVOICE, 'hs_invoice_date hs_due_date'),
    write('select', INVOICE, 'hs_invoice_status', options('draft open paid voided')),
    read('text', INVOICE, 'hs_number hs_title hs_invoice_link'),
    read('number', INVOICE, 'hs_amount_billed hs_balance_due hs_subtotal hs_tax'),
  ]),
  '0-69': goods(SUBSCRIPTION, 'Subscription information', [
    write('text', SUBSCRIPTION, 'hs_name hs_currency_code hs_external_subscription_id'),
    write('datetime', SUBSCRIPTION, 'hs_start_date hs_next_payment_due_date hs_end_date'),
    write(
      'select',
      SUBSCRIPTION,
      'hs_status',
      options('active past_due canceled expired scheduled paused unpaid'),
    ),
    write('select', SUBSCRIPTION, 'hs_recurring_billing_frequency', BILLING),
    write('number', SUBSCRIPTION, 'hs_recurring_revenue hs_last_payment_amount'),
    read('number', SUBSCRIPTION, 'hs_collection_process_amount'),
  ]),
  '0-101': goods(PAYMENT, 'Payment information', [
    write('text', PAYMENT, 'hs_customer_email hs_currency_code hs_reference_number hs_payment_id'),
    write('number', PAYMENT, 'hs_initial_amount hs_fees_amount hs_refunds_amount'),
    write('datetime', PAYMENT, 'hs_initiated_date'),
    write(
      'select',
      PAYMENT,
      'hs_latest_status',
      options('succeeded processing failed refunded partially_refunded'),
    ),
    read('number', PAYMENT, 'hs_net_amount hs_max_refundable_amount_in_portal_currency'),
  ]),
  '0-123': goods(ORDER, 'Order information', [
    write(
      'text',
      ORDER,
      'hs_order_name hs_external_order_id hs_external_order_url hs_currency_code hs_order_note',
    ),
    write('text', ORDER, 'hs_billing_address_email hs_billing_address_name hs_billing_address_street'),
    write('text', ORDER, 'hs_billing_address_city hs_billing_address_postal_code hs_billing_address_country'),
    write('text', ORDER, 'hs_shipping_address_name hs_shipping_address_street hs_shipping_address_city'),
    write(
      'text',
      ORDER,
      'hs_shipping_address_postal_code hs_shipping_address_country hs_source_store hs_tags',
    ),
    write('text', ORDER, 'hs_fulfillment_status hs_payment_status hs_shipping_tracking_number'),
    write('number', ORDER, 'hs_total_price hs_subtotal_price hs_tax hs_shipping_cost hs_order_discount'),
    write('datetime', ORDER, 'hs_external_created_date hs_processed_date hs_cancelled_date'),
    write('stage', ORDER, 'hs_pipeline hs_pipeline_stage'),
  ]),
  '0-142': goods(CART, 'Cart information', [
    write(
      'text',
      CART,
      'hs_cart_name hs_external_cart_id hs_cart_url hs_currency_code hs_source_store hs_tags',
    ),
    write('text', CART, 'hs_external_status'),
    write('number', CART, 'hs_total_price hs_subtotal_price hs_tax hs_shipping_cost hs_cart_discount'),
    write('datetime', CART, 'hs_external_created_date'),
    write('stage', CART, 'hs_pipeline hs_pipeline_stage'),
  ]),
};
