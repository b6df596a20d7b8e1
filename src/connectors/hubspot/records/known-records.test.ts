import { expect, test } from 'vitest';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../../test/support/hubspot-model.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { settingsSchema } from '../settings.ts';
import { contactOptionsSchema } from './contact-input.ts';
import { EMPTY, fingerprint, packNumber, unpackNumber } from './fingerprint.ts';
import { KnownRecords } from './known-records.ts';

const NOW_MS = 1_790_000_000_000;
const HOUR_MS = 3_600_000;

test('what was acknowledged is known for a day, counted from the last acknowledgement', () => {
  const known = new KnownRecords();
  known.remember('1', new Map([['a', 'aaaa']]), NOW_MS);
  known.remember('1', new Map([['b', 'bbbb']]), NOW_MS + 20 * HOUR_MS);
  expect(known.find('1', NOW_MS + 43 * HOUR_MS)?.packed('a')).toBe('aaaa');
  expect(known.find('1', NOW_MS + 44 * HOUR_MS)).toBeUndefined();
  expect(known.size).toBe(0);
});

test('a value takes the place of the one before, and can be unlearned', () => {
  const known = new KnownRecords();
  known.remember(
    '1',
    new Map([
      ['a', 'aaaa'],
      ['b', 'bbbb'],
    ]),
    NOW_MS,
  );
  known.remember(
    '1',
    new Map([
      ['a', 'cccc'],
      ['b', undefined],
    ]),
    NOW_MS,
  );
  known.correct('1', 'c', 'dddd');
  const found = known.find('1', NOW_MS);
  expect(['a', 'b', 'c', 'x'].map((name) => found?.packed(name))).toEqual([
    'cccc',
    undefined,
    'dddd',
    undefined,
  ]);
});

test('values have fingerprints of their own, the empty one another than any, and numbers come back exactly', () => {
  const texts = ['', '0', 'a', 'b', 'ab', 'ba', 'a ', 'ä', 'x'.repeat(10_000)];
  expect(new Set(texts.map(fingerprint)).size).toBe(texts.length);
  expect(texts.map(fingerprint).filter((print) => print === EMPTY)).toHaveLength(1);
  expect(new Set(Array.from({ length: 200_000 }, (_, index) => fingerprint(String(index)))).size).toBe(
    200_000,
  );
  for (const number of [0, -1.5, 0.1, 2 ** 53, NOW_MS]) expect(unpackNumber(packNumber(number))).toBe(number);
});

test('what an invalidated record holds is read before it is written', () => {
  const model = new HubspotModel();
  const cache = aCache();
  const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
  const options = contactOptionsSchema.parse({});
  const send = (age: number) => {
    const input = { email: 'a@x.io', properties: { age } };
    const context = { settings, options, cache, nowMs: NOW_MS };
    return driveSteps(
      upsertContact.deliver([{ input, traceId: 't', attempt: 1 }], context),
      model.answer,
    ).calls.map(({ path }) => path.replace(/^.*contacts/, ''));
  };
  send(7);
  expect(send(7)).toEqual([]);
  model.change('1000', { age: '8' });
  KnownRecords.of(cache, 'contacts').invalidate('1000');
  expect(send(7)).toEqual(['/batch/read', '/batch/upsert']);
  expect(model.find('a@x.io')).toMatchObject({ age: '7' });
});
