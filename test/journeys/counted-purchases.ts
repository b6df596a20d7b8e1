/**
 * What the four vendors that count purchases must have of each: Åsa's, the gift for Ole, Gro's article. After the platform's
 * pages on its integrations (developers.sesamy.com/integrations, read 2026-11) and the vendors' own documents. A renewal
 * is none.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Bought } from '../../emulators/sesamy/purchase.ts';
import type { Life, Row } from './subscriber-life.ts';

/** How many have been made at each moment. */
export const MADE: Row<number> = [0, 1, 1, 1, 1, 1, 2, 3];

const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;

/** An id of its own for a browser that nobody knows, in the form of Google's. */
const anyClient = expect.stringMatching(/^\d+\.\d+$/) as unknown;

const MAGAZINE = { sku: 'MAG', title: 'Premium Magazine', type: 'publication', price: 99 };
const ARTICLE = { sku: 'ART-1', title: 'The long read', type: 'article', price: 19 };

/** When the platform said that a checkout was confirmed. */
export type ConfirmedAt = (checkoutId: string) => string;

type Purchases = (
  life: Life,
  confirmedAt: ConfirmedAt,
) => readonly [asa: object, gift: object, article: object];

/** By vendor, all purchases of the story in their order. */
export const PURCHASES: Readonly<Record<string, Purchases>> = {
  'google-analytics': ({ purchase, gift, article }, confirmedAt) => {
    const ofAll = (
      { checkout }: Bought,
      { sku, title, type, price }: typeof MAGAZINE,
      option: object,
    ): object => ({
      measurementId: 'G-EMULATOR1',
      at: confirmedAt(checkout.id),
      repeats: 0,
      transaction_id: checkout.id,
      value: price,
      currency: 'SEK',
      engagement_time_msec: 1,
      items: [{ item_id: sku, item_name: title, item_category: type, ...option, price, quantity: 1 }],
    });
    const monthly = { item_variant: 'Monthly' };
    return [
      {
        ...ofAll(purchase, MAGAZINE, monthly),
        clientId: '1234567890.1700000000',
        userId: 'email|asa',
        campaign: 'autumn',
        source: 'newsletter',
      },
      // Who pays is who was led to it.
      { ...ofAll(gift, MAGAZINE, monthly), clientId: anyClient, userId: 'email|gro' },
      { ...ofAll(article, ARTICLE, {}), clientId: anyClient, userId: 'email|gro' },
    ];
  },

  kilkaya: () => {
    const ofAll = {
      at: anyTime,
      installation: '0123456789abcdef01234567',
      version: 1,
      isConversion: true,
      countsPageView: false,
      url: 'https://www.example.com/thanks',
      referrer: null,
      // The platform tells no browser.
      userAgent: 'Mozilla/5.0 (compatible; Linchpin)',
    };
    return [
      { ...ofAll, tags: ['Monthly', 'autumn', 'newsletter'] },
      { ...ofAll, tags: ['Monthly'] },
      { ...ofAll, tags: [] },
    ];
  },

  meta: ({ purchase, gift, article }, confirmedAt) => {
    const ofAll = ({ checkout }: Bought, { sku, title, price }: typeof MAGAZINE): object => ({
      event_name: 'Purchase',
      event_id: checkout.id,
      event_time: Math.floor(Date.parse(confirmedAt(checkout.id)) / 1000),
      // The checkout does not tell the browser, without which Meta takes nothing as of a website.
      action_source: 'other',
      event_source_url: 'https://www.example.com/thanks',
      custom_data: {
        value: price,
        currency: 'SEK',
        order_id: checkout.id,
        content_type: 'product',
        content_ids: [sku],
        contents: [{ id: sku, title, quantity: 1, item_price: price }],
        num_items: 1,
      },
    });
    return [
      {
        ...ofAll(purchase, MAGAZINE),
        user_data: {
          em: hashed('asa@publisher.no'),
          ph: hashed('46701234567'),
          fn: hashed('åsa'),
          ln: hashed('berg'),
          ct: hashed('lund'),
          zp: hashed('22222'),
          country: hashed('se'),
          external_id: hashed('email|asa'),
        },
      },
      // Who pays is who saw the advertisement.
      {
        ...ofAll(gift, MAGAZINE),
        user_data: { em: hashed('gro@publisher.no'), external_id: hashed('email|gro') },
      },
      {
        ...ofAll(article, ARTICLE),
        user_data: { em: hashed('gro@publisher.no'), fn: hashed('gro'), external_id: hashed('email|gro') },
      },
    ];
  },

  'x-ads': ({ purchase, gift, article }, confirmedAt) => {
    const of = (
      { checkout }: Bought,
      { sku, title, type, price }: typeof MAGAZINE,
      identifiers: readonly object[],
    ): object => {
      const ids = { event_id: 'tw-o8z6j-o87ne', conversion_id: checkout.id };
      const conversion = {
        ...ids,
        conversion_time: confirmedAt(checkout.id),
        value: price,
        price_currency: 'SEK',
        number_items: 1,
        identifiers,
        contents: [
          { content_id: sku, content_name: title, content_type: type, content_price: price, num_items: 1 },
        ],
      };
      return { pixel: 'o8z6j', receivedAt: anyTime, ...ids, conversion };
    };
    const asa = { hashed_email: sha256('asa@publisher.no') };
    const gro = { hashed_email: sha256('gro@publisher.no') };
    return [
      of(purchase, MAGAZINE, [asa, { hashed_phone_number: sha256('+46701234567') }]),
      of(gift, MAGAZINE, [gro]),
      of(article, ARTICLE, [gro]),
    ];
  },
};

function hashed(text: string): readonly string[] {
  return [sha256(text)];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
