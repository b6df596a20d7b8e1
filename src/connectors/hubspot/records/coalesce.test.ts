import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../../test/support/hubspot-model.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { settingsSchema } from '../settings.ts';
import { coalesceRecords, yieldRecord } from './coalesce.ts';
import { contactOptionsSchema } from './contact-input.ts';
import type { ContactInput, ContactOptions } from './contact-input.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
const options = contactOptionsSchema.parse({
  rules: { firstname: 'if_empty', age: 'if_empty', vip: 'overwrite' },
});

const inputs = fc.record({
  email: fc.constantFrom('a@x.io', 'A@x.io'),
  properties: fc.record(
    {
      firstname: fc.constantFrom('', 'Ada', 'Bob', null),
      age: fc.constantFrom(null, 7, 'unfit', '8'),
      plan: fc.constantFrom(null, 'gold', 'silver'),
      vip: fc.constantFrom(true, false, 'unfit', null),
      topics: fc.constantFrom<string[] | string>(['news'], ['sport', 'news'], ['unfit'], ''),
      lifecyclestage: fc.constantFrom(null, 'subscriber', 'lead', 'customer', 'unfit'),
    },
    { requiredKeys: [] },
  ),
}) satisfies fc.Arbitrary<ContactInput>;

const records = fc.option(
  fc.record(
    {
      firstname: fc.constant('Eve'),
      age: fc.constant('3'),
      plan: fc.constant('tin'),
      lifecyclestage: fc.constant('lead'),
    },
    { requiredKeys: [] },
  ),
);

/** The contact after these inputs were sent one by one, each with its options. */
function after(
  record: Record<string, string> | null,
  sent: readonly ContactInput[],
  optionsOf: (index: number) => ContactOptions = () => options,
) {
  const model = new HubspotModel();
  if (record !== null) model.add({ email: 'a@x.io', ...record });
  const cache = aCache();
  for (const [index, input] of sent.entries()) {
    const context = { settings, options: optionsOf(index), cache, nowMs: index };
    driveSteps(upsertContact.deliver([{ input, traceId: 't', attempt: 1 }], context), model.answer);
  }
  return model.contacts;
}

test('merged inputs leave the contact as the inputs sent in turn would', () => {
  fc.assert(
    fc.property(records, fc.array(inputs, { minLength: 1, maxLength: 5 }), (record, sent) => {
      const merged = (sent as readonly ContactInput[]).reduce((older, newer) =>
        coalesceRecords(older, newer, options),
      );
      expect(after(record, [merged])).toEqual(after(record, sent));
    }),
  );
});

test('merging is associative in effect', () => {
  fc.assert(
    fc.property(records, inputs, inputs, inputs, (record, a, b, c) => {
      const right = coalesceRecords(a, coalesceRecords(b, c, options), options);
      expect(after(record, [right])).toEqual(after(record, [a, b, c]));
    }),
  );
});

const others = fc
  .record({
    firstname: fc.constantFrom('if_empty', 'overwrite'),
    plan: fc.constantFrom('if_empty', 'overwrite'),
    vip: fc.constantFrom('if_empty', 'overwrite'),
    topics: fc.constantFrom('if_empty', 'overwrite'),
  })
  .map((rules) => contactOptionsSchema.parse({ rules }));

test('sending an older input again, less what a newer one of another flow decided, changes nothing', () => {
  fc.assert(
    fc.property(records, inputs, inputs, others, (record, older, newer, newerOptions) => {
      const again = yieldRecord(older, newer, newerOptions);
      const optionsOf = (index: number): ContactOptions => (index === 1 ? newerOptions : options);
      expect(after(record, [older, newer, again], optionsOf)).toEqual(
        after(record, [older, newer], optionsOf),
      );
    }),
  );
});

test('sending an input again changes nothing', () => {
  fc.assert(
    fc.property(records, inputs, (record, input) => {
      expect(after(record, [input, input])).toEqual(after(record, [input]));
    }),
  );
});

test('a merged input stays small however many it replaces', () => {
  const merged = Array.from({ length: 1000 }, (_, index): ContactInput => ({
    email: 'a@x.io',
    properties: { plan: String(index) },
  })).reduce((older, newer) => coalesceRecords(older, newer, options));
  expect(merged.properties).toEqual({ plan: '999' });
  expect(merged.earlier?.['plan']).toHaveLength(8);
});
