/** What the suite of every connector does not ask of this one. */
import businessSdk from 'facebook-nodejs-business-sdk';
import { expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { metaEmulator } from '../../emulators/meta/index.ts';
import { DEFAULT_DATASET, DEFAULT_TOKEN } from '../../emulators/meta/state.ts';
import { meta } from '../../src/connectors/meta/index.ts';
import { hashed } from '../../src/connectors/meta/normalise.ts';
import type { HashedKey } from '../../src/connectors/meta/normalise.ts';
import { runBatch } from '../../src/delivery/run-batch.ts';
import { newWork } from '../../src/delivery/work.ts';
import type { Flow } from '../../src/flows/workspace.ts';
import { ConnectionClient, LIVE_CLAIMANT, RecordClaims } from '../../src/outbound/index.ts';
import { aPart } from '../support/a-part.ts';
import { connectionOf } from './connector-suite/engine-parts.ts';
import { aCache } from '../support/drive-steps.ts';
import { makeLeapingClock } from '../support/leaping-clock.ts';

const { UserData } = businessSdk;

const ORACLE: Readonly<Record<string, (user: InstanceType<typeof UserData>, text: string) => unknown>> = {
  em: (user, text) => user.setEmail(text),
  ph: (user, text) => user.setPhone(text),
  fn: (user, text) => user.setFirstName(text),
  ln: (user, text) => user.setLastName(text),
  ge: (user, text) => user.setGender(text),
  db: (user, text) => user.setDateOfBirth(text),
  ct: (user, text) => user.setCity(text),
  zp: (user, text) => user.setZip(text),
  country: (user, text) => user.setCountry(text),
};

function bySdk(key: string, text: string): unknown {
  const user = new UserData();
  ORACLE[key]?.(user, text);
  const normalised = user.normalize() as Readonly<Record<string, unknown>>;
  const value = normalised[key];
  return Array.isArray(value) ? (value[0] as unknown) : value;
}

test.each<[HashedKey, string]>([
  ['em', ' Asa.Berg@Example.COM '],
  ['ph', '+46 70 123 45 67'],
  ['fn', 'Åsa'],
  ['ln', 'Øverland'],
  ['ge', 'F'],
  ['db', '19900517'],
  ['ct', 'Bø i Telemark'],
  ['zp', '211 22'],
  ['country', 'SE'],
])("%s of %j has the hash that Meta's own client gives it", (key, text) => {
  expect(hashed(key, text)).toBe(bySdk(key, text));
});

test('of a thousand events, one that Meta refuses is found, and the others count', async () => {
  const clock = makeLeapingClock();
  const emulator = await startEmulator(metaEmulator, { clock });
  const settings = meta.settings.parse({
    pixel_id: DEFAULT_DATASET,
    access_token: DEFAULT_TOKEN,
    base_url: emulator.url,
  });
  const client = new ConnectionClient({ connector: meta, settings, clock, privateAddresses: true });
  try {
    const [preset] = meta.presets;
    if (preset === undefined) throw new TypeError('Meta has a preset.');
    const flow: Flow = { name: 'purchases', preset, source: 'sesamy', options: {} };
    const works = Array.from({ length: 1000 }, (_, index) => {
      const input = preset.action.input.parse({
        event_name: 'Purchase',
        event_time: new Date(clock.now()).toISOString(),
        event_id: `checkout_${String(index)}`,
        action_source: 'other',
        user_data: { em: `reader${String(index)}@example.com` },
        custom_data: { value: 1, currency: index === 613 ? 'kronor' : 'SEK' },
      });
      return newWork(flow, aPart({ position: index, input }), clock.now());
    });
    const outcomes = new Map<string, number>();
    const runs = runBatch(flow, works, {
      connection: connectionOf(meta, settings, flow),
      client,
      claims: new RecordClaims(),
      claimant: LIVE_CLAIMANT,
      cache: aCache(),
      clock,
      signal: new AbortController().signal,
      onConnectorBug: (error) => {
        throw error;
      },
    });
    for await (const { outcomes: some } of runs) {
      for (const { kind } of some) outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(outcomes)).toEqual({ delivered: 999, rejected: 1 });
    expect(emulator.state.events).toHaveLength(999);
    expect(emulator.state.repetitions).toEqual([]);
    // Two calls for each halving of 1,000.
    expect(emulator.admin.countRequests()).toBeLessThanOrEqual(1 + 2 * 10);
  } finally {
    await client.close();
    await emulator.close();
  }
});
