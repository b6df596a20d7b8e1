import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../../test/support/hubspot-model.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { settingsSchema } from '../settings.ts';
import { contactOptionsSchema } from './contact-input.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
const options = contactOptionsSchema.parse({
  rules: {
    firstname: 'if_empty',
    phone: 'if_empty',
    age: 'never_lower',
    birthday: 'forward_only',
    lastname: 'newest_wins',
  },
});
const STAGES = ['', 'subscriber', 'lead', 'customer'];
const START_MS = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
// Enough to find each planted violation; thousands were run when this was written (2026-11).
const RUNS = 150;
// They take a second and a half where nothing else runs, and many times that where three test files share two cores.
const RUNS_MS = 20_000;

/** What our events and other people's hands write; few values, so that they meet. */
const values = fc.record(
  {
    firstname: fc.constantFrom('', 'Ada', 'Bo'),
    phone: fc.constantFrom('', '1', '2'),
    age: fc.constantFrom('3', '7', '9'),
    birthday: fc.constantFrom('2001-01-01', '2002-02-02', '2003-03-03'),
    lastname: fc.constantFrom('', 'King', 'Queen'),
    lifecyclestage: fc.constantFrom(...STAGES.slice(1)),
    plan: fc.constantFrom('', 'gold', 'tin'),
  },
  { requiredKeys: [] },
);

/** What is mostly written without a read, so that much happens between two reads. */
const plans = fc.record({ plan: fc.constantFrom('gold', 'tin') });

/** What other people's hands do to the keys of the contact. */
const keys = fc.oneof(
  fc.record({ member: fc.constantFrom('', 'M1', 'M2') }),
  fc.record({
    addresses: fc.constantFrom(['a@x.io'], ['b@x.io'], ['a@x.io', 'b@x.io'], ['b@x.io', 'a@x.io']),
  }),
);

const steps = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      values: fc.oneof(values, plans),
      ageMs: fc.constantFrom(0, 1, 2, 3),
      key: fc.constantFrom('email', 'member', 'both'),
      worker: fc.constantFrom(0, 0, 0, 1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hand' as const), values }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('new keys' as const), keys }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(1, 30) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), worker: fc.constantFrom(0, 1) }),
  },
);

const KEYS = {
  email: { email: 'a@x.io' },
  member: { key: { by: 'member', value: 'M1' } },
  both: { email: 'a@x.io', key: { by: 'member', value: 'M1' } },
};

/** How high a value of a property stands that may only go up. */
function height(name: string, value: string | undefined): number {
  if (value === undefined) return -1;
  if (name === 'lifecyclestage') return STAGES.indexOf(value);
  return name === 'age' ? Number(value) : Date.parse(value);
}

/** What identifies a contact, as an event would name it. */
function keysOf({ email = '', hs_additional_emails = '', member = '' }: Record<string, string>): Set<string> {
  return new Set([email, ...hs_additional_emails.split(';'), member].filter((key) => key !== ''));
}

/** Gives a contact other keys, as far as no other contact has them. */
function changeKeys(
  model: HubspotModel,
  id: string,
  { member, addresses }: { readonly member?: string; readonly addresses?: readonly string[] },
): void {
  const taken = new Set(
    model.contacts.filter((other) => other.id !== id).flatMap(({ properties }) => [...keysOf(properties)]),
  );
  if (member !== undefined && !taken.has(member)) model.change(id, { member });
  if (addresses === undefined || addresses.some((address) => taken.has(address))) return;
  const [email = '', ...further] = addresses;
  model.change(id, { email, hs_additional_emails: further.join(';') });
}

test(
  'whatever others write between events, no rule is broken, by whichever worker and key, cache or none',
  () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 2, maxLength: 14 }), (script) => {
        const model = new HubspotModel();
        const id = model.add({ email: 'a@x.io', member: 'M1' });
        const caches = [aCache(), aCache()];
        // When the value of lastname held, by the event or the hand it comes from.
        const lastnameMs = new Map<string, number>();
        // When a contact was last seen to have a key.
        const heldMs = new Map<string, number>();
        let nowMs = START_MS;
        for (const [index, step] of script.entries()) {
          nowMs += HOUR_MS;
          model.nowMs = nowMs;
          const before = new Map(model.contacts.map((each) => [each.id, { ...each.properties }]));
          for (const [each, properties] of before)
            for (const key of keysOf(properties)) heldMs.set(`${each} ${key}`, nowMs);
          if (step.kind === 'wait') nowMs += step.hours * HOUR_MS;
          if (step.kind === 'restart') caches[step.worker] = aCache();
          if (step.kind === 'new keys') changeKeys(model, id, step.keys);
          if (step.kind === 'hand') {
            const held = before.get(id)?.['lastname'] ?? '';
            if (held !== (step.values.lastname ?? held)) lastnameMs.set(id, nowMs);
            model.change(id, step.values);
          }
          if (step.kind !== 'event') continue;
          const occurredAt = nowMs - step.ageMs * HOUR_MS - 1;
          const input = {
            ...KEYS[step.key],
            properties: step.values,
            occurred_at: occurredAt,
          };
          const context = { settings, options, cache: caches[step.worker] ?? aCache(), nowMs };
          const batch = [{ input, traceId: `t${String(index)}`, attempt: 1 }];
          const { result } = driveSteps(upsertContact.deliver(batch, context), model.answer);
          const [outcome] = result;
          const written = outcome?.kind === 'delivered' ? outcome.remoteId : undefined;

          const broken = model.contacts.flatMap((contact) => {
            const held = before.get(contact.id);
            if (held === undefined) return [];
            const { properties: after } = contact;
            return Object.keys({ ...held, ...after }).filter((name) => {
              const isSame = after[name] === held[name];
              if (contact.id !== written) return !isSame;
              switch (name) {
                case 'firstname':
                case 'phone':
                case 'email':
                case 'member':
                  return held[name] !== undefined && !isSame;
                case 'age':
                case 'birthday':
                case 'lifecyclestage':
                  return height(name, after[name]) < height(name, held[name]);
                case 'lastname':
                  return occurredAt <= (lastnameMs.get(contact.id) ?? 0) && !isSame;
                default:
                  return !Object.hasOwn(step.values, name) && !isSame;
              }
            });
          });
          expect({ broken, result }).toMatchObject({
            broken: [],
            result: [
              written === undefined
                ? { kind: 'rejected', fault: { code: 'hubspot.identity_conflict' } }
                : { kind: 'delivered' },
            ],
          });
          if (written === undefined) continue;
          const { email, key } = { email: undefined, key: undefined, ...KEYS[step.key] };
          const seenMs = [email, key?.value].map((each) => heldMs.get(`${written} ${each ?? ''}`) ?? 0);
          if (before.has(written)) expect(nowMs - Math.max(...seenMs)).toBeLessThanOrEqual(DAY_MS);
          const lastname = model.contacts.find((each) => each.id === written)?.properties['lastname'];
          if (lastname !== before.get(written)?.['lastname']) lastnameMs.set(written, occurredAt);
        }
      }),
      { numRuns: RUNS },
    );
  },
  RUNS_MS,
);

test(
  'without other writers, events through the cache leave what events without it leave',
  () => {
    const events = fc.array(fc.record({ values, key: fc.constantFrom('email', 'member', 'both') }), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(events, (script) => {
        const [cached, plain] = [true, false].map((isCached) => {
          const model = new HubspotModel();
          model.add({ email: 'a@x.io', member: 'M1' });
          let cache = aCache();
          for (const [index, { values: properties, key }] of script.entries()) {
            if (!isCached) cache = aCache();
            const input = { ...KEYS[key], properties, occurred_at: START_MS + index };
            const context = { settings, options, cache, nowMs: START_MS + index + HOUR_MS };
            model.nowMs = context.nowMs;
            driveSteps(upsertContact.deliver([{ input, traceId: 't', attempt: 1 }], context), model.answer);
          }
          return model.contacts;
        });
        // `newest_wins` needs the cache to tell its own writes from others': without it, a write of ours counts from when
        // it was made.
        expect(cached?.map(withoutLastname)).toEqual(plain?.map(withoutLastname));
      }),
      { numRuns: RUNS },
    );
  },
  RUNS_MS,
);

function withoutLastname({ properties }: { properties: Record<string, string> }): Record<string, string> {
  const { lastname: _, ...others } = properties;
  return others;
}
