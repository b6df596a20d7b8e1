import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { DEFAULT_APP } from '../../emulators/hubspot/oauth/app.ts';
import { byClient, byPlainCalls } from './hubspot-paths-frame.ts';
import type { Drive, Known } from './hubspot-paths-frame.ts';
import { EDGE_ROWS } from './hubspot-paths-edges.ts';
import { RECORD_ROWS } from './hubspot-paths-records.ts';

// One table over every resource: the vendor's own client drives it on v3 and v4, plain calls on the dated paths.
const DRIVES = [
  ["HubSpot's client on v3 and v4", 'v3', byClient],
  ...(['2025-09', '2026-03', '2026-09'] as const).map(
    (version) =>
      [
        `plain calls on ${version}`,
        version,
        (emulator: HubspotEmulator) => byPlainCalls(emulator, version),
      ] as const,
  ),
] as const;

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
afterAll(() => emulator.close());

describe.each(DRIVES)('%s', (_name, version, make) => {
  let drive: Drive;
  const known: Known = {};

  beforeAll(async () => {
    emulator.admin.reset({
      portals: [
        {
          portalId: DEFAULT_PORTAL_ID,
          plan: 'enterprise',
          contacts: [{ properties: { email: 'other@example.com' } }],
        },
      ],
      consent: { decision: 'approve' },
      switches: { searchLagMs: 0 },
    });
    emulator.clock.freeze();
    drive = make(emulator);
    known['other'] =
      emulator.state.portals.get(DEFAULT_PORTAL_ID)?.records('0-1').findByEmail('other@example.com')?.id ??
      '';
    known['code'] = await agree();
  });

  test.each([...RECORD_ROWS, ...EDGE_ROWS])('$name', async (row) => {
    const answer = await drive(row, known);
    if (answer === undefined) {
      // This version has no such path, and the emulator must not invent one.
      expect(row.wire(version, known)).toBeUndefined();
      return;
    }
    const { status, body } = answer;
    expect({ status, body }).toMatchObject({
      status: typeof row.status === 'function' ? row.status(version) : row.status,
      ...(row.shape === undefined ? {} : { body: row.shape }),
    });
    Object.assign(known, row.keep?.(body as Readonly<Record<string, unknown>>));
  });
});

/** A user agrees to the app: the code that the browser brings back. */
async function agree(): Promise<string> {
  const query = new URLSearchParams({
    client_id: DEFAULT_APP.clientId,
    redirect_uri: DEFAULT_APP.redirectUris[0] ?? '',
    scope: 'oauth',
  });
  const answer = await fetch(`${emulator.url}/oauth/authorize?${query.toString()}`, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
}
