import { expect, test } from 'vitest';
import type { JsonObject } from '../kernel/json.ts';
import { exclusionOf } from './exclusion.ts';

const NAMES = ['HubSpot'];
const NO_AD = 'The person has not consented to ad.';
const NO_ALL = "The event's integrations object sets All to false.";
const NO_HUBSPOT = "The event's integrations object sets HubSpot to false.";

const prefers = (categoryPreferences: JsonObject): JsonObject => ({ consent: { categoryPreferences } });

test.each<[string, readonly string[], JsonObject, string | undefined]>([
  ['no consent object passes', ['ad'], {}, undefined],
  ['a consent object without preferences passes', ['ad'], { context: { consent: {} } }, undefined],
  ['empty preferences keep out what needs consent', ['ad'], { context: prefers({}) }, NO_AD],
  ['and nothing else', [], { context: prefers({}) }, undefined],
  ['consent given', ['ad'], { context: prefers({ ad: true }) }, undefined],
  ['consent refused', ['ad'], { context: prefers({ ad: false }) }, NO_AD],
  ['a category that the sender does not know', ['ad'], { context: prefers({ an: true }) }, NO_AD],
  ['a value that is not a plain yes', ['ad'], { context: prefers({ ad: 'true' }) }, NO_AD],
  ['all categories are needed', ['an', 'ad'], { context: prefers({ an: true, ad: false }) }, NO_AD],
  [
    'consent is looked at before integrations',
    ['ad'],
    { context: prefers({ ad: false }), integrations: { HubSpot: true } },
    NO_AD,
  ],
  [
    'consent by category stands above All: false',
    ['ad'],
    { context: prefers({ ad: true }), integrations: { All: false, Other: true } },
    undefined,
  ],
  [
    'and below a refusal by name',
    ['ad'],
    { context: prefers({ ad: true }), integrations: { All: false, HubSpot: false } },
    NO_HUBSPOT,
  ],
  [
    'without a category All: false holds, whatever the person consented to',
    [],
    { context: prefers({ ad: true }), integrations: { All: false } },
    NO_ALL,
  ],
])('%s', (_, categories, payload, reason) => {
  expect(exclusionOf(payload, categories, NAMES)).toBe(reason);
});
