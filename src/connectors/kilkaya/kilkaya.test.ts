import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../kernel/event.ts';
import { checkoutConfirmedSchema } from '../../subscribers/index.ts';
import type { Call } from '../../kit/index.ts';
import { aCache, driveSteps } from '../../../test/support/drive-steps.ts';
import { sendConversion } from './actions/send-conversion.ts';
import { purchases } from './presets/purchases.ts';
import { settingsSchema } from './settings.ts';

const KEY = '0123456789abcdef01234567';

/** The event of a checkout of the Premium Magazine, with whatever a test has to say. */
function confirmed(checkout: object, attribution: object | null = null): LoggedEvent {
  const payload = checkoutConfirmedSchema.parse({
    checkout: { id: 'checkout_345', items: [{ sku: 'MAG-001', optionId: 'po-123' }], ...checkout },
    products: [{ sku: 'MAG-001', title: 'Premium Magazine', options: [{ id: 'po-123', title: 'Monthly' }] }],
    attribution,
    person: { userId: 'u1' },
    phones: {},
    addresses: { billing: null, delivery: null },
    causes: [],
  });
  const at = '2026-11-21T12:00:00.000Z';
  return {
    position: 1,
    id: 'e1',
    source: 'sesamy',
    type: 'checkout.confirmed',
    name: 'checkout.1#confirm',
    personKey: 'u1',
    occurredAt: at,
    receivedAt: at,
    payload: payload,
  };
}

function inputOf(event: LoggedEvent, options: object = {}) {
  const mapped = purchases.map(event, sendConversion.options.parse(options));
  if (mapped.kind !== 'input') throw new Error('nothing was mapped');
  return { input: mapped.input, notes: mapped.notes };
}

function callOf(event: LoggedEvent, settings: object = {}, options: object = {}): Call | undefined {
  const parsed = settingsSchema.parse({
    subdomain: 'cl-eu5',
    key: KEY,
    default_domain: 'www.example.com',
    ...settings,
  });
  const item = { input: inputOf(event, options).input, traceId: '1', attempt: 1 };
  const context = {
    settings: parsed,
    options: sendConversion.options.parse(options),
    cache: aCache(),
    nowMs: 0,
  };
  const pixel = { status: 200, headers: {}, body: 'GIF89a' };
  return driveSteps(sendConversion.deliver([item], context), () => pixel).calls[0];
}

const campaign = {
  utmSource: 'newsletter',
  utmMedium: 'email',
  utmCampaign: 'autumn',
  utmTerm: 'news',
  utmContent: 'top',
};

test('the tags are the option and the campaign, in order and joined by pipes', () => {
  const event = confirmed({ redirectUrl: 'https://www.example.com/thanks' }, campaign);
  expect(callOf(event)).toMatchObject({
    method: 'GET',
    path: '/',
    query: {
      i: KEY,
      l: 'p',
      cs: '1',
      nopv: '1',
      u: 'https://www.example.com/thanks',
      cntt: 'Monthly|autumn|newsletter|email|news|top',
    },
  });
});

test('what is not known takes no place among the tags, and no tags are no parameter', () => {
  const partly = { utmSource: 'newsletter', utmContent: 'top' };
  expect(callOf(confirmed({}, partly))?.query).toMatchObject({ cntt: 'Monthly|newsletter|top' });
  expect(callOf(confirmed({ items: [] }))?.query).not.toHaveProperty('cntt');
});

test('a pipe in a tag is written otherwise, and the delivery says so', () => {
  const { input, notes } = inputOf(confirmed({}, { utmCampaign: 'autumn|2026' }));
  expect(input.tags).toEqual(['Monthly', 'autumn/2026']);
  expect(notes).toHaveLength(1);
});

test('only version 2 calls it a conversion twice', () => {
  const event = confirmed({});
  expect(callOf(event)?.query).not.toHaveProperty('cv');
  expect(callOf(event, { version: 2 })?.query).toMatchObject({ cs: '1', cv: '1', _s: 'conversion' });
});

test.each([null, 'not an address', 'javascript:alert(1)'])(
  'a checkout with the redirect address %s gets the default one',
  (redirectUrl) => {
    expect(callOf(confirmed({ redirectUrl }))?.query).toMatchObject({ u: 'https://www.example.com' });
  },
);

test('the browser string is what the platform tells, else what the publisher put into the metadata, else that of the settings', () => {
  const agentOf = (
    metadata: Record<string, string>,
    options: object = {},
    attribution: object | null = null,
  ) => callOf(confirmed({ metadata }, attribution), {}, options)?.headers?.['user-agent'];
  expect(agentOf({ user_agent: 'other' }, {}, { userAgent: 'Mozilla/5.0 (X11)' })).toBe('Mozilla/5.0 (X11)');
  expect(agentOf({ user_agent: 'Mozilla/5.0 (X11)' })).toBe('Mozilla/5.0 (X11)');
  expect(agentOf({ ua: 'Mozilla/5.0 (X11)' }, { user_agent_from: 'ua' })).toBe('Mozilla/5.0 (X11)');
  expect(agentOf({})).toBe('Mozilla/5.0 (compatible; Linchpin)');
  expect(agentOf({ user_agent: 'two\r\nlines: 1' }), 'no text that would break the header').toBe(
    'Mozilla/5.0 (compatible; Linchpin)',
  );
});

test('the referrer is sent when there is one', () => {
  const referrer = 'https://search.example/?q=news';
  expect(callOf(confirmed({}, { referrer }))?.query).toMatchObject({ r: referrer });
  expect(callOf(confirmed({}))?.query).not.toHaveProperty('r');
});

test('a checkout is sent once, whatever else is said of it the second time', () => {
  const first = inputOf(confirmed({})).input;
  const second = inputOf(confirmed({}, campaign)).input;
  const options = sendConversion.options.parse({});
  expect(sendConversion.once?.(first, options)).toBe('checkout_345');
  expect(sendConversion.once?.(second, options)).toBe('checkout_345');
});
