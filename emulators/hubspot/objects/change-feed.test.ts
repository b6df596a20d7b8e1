import { expect, test } from 'vitest';
import { EmulatorRequest } from '../../core/index.ts';
import { Portal } from '../portal.ts';
import { DEFAULT_SWITCHES } from '../switches.ts';
import { archiveRecord } from './archive-record.ts';
import type { Change } from './change-feed.ts';
import { forgetRecord } from './forget-record.ts';
import { mergeRecords } from './merge-records.ts';
import { toObjectCall } from './object-call.ts';
import type { ObjectCall } from './object-call.ts';
import { resolveType } from './object-types.ts';
import { applyWrite, checkCreation, checkUpdate } from './write-record.ts';

function callOn(portal: Portal): ObjectCall {
  const request = new EmulatorRequest({
    method: 'POST',
    target: '/',
    headers: {},
    origin: '',
    at: 5,
    body: Buffer.alloc(0),
  });
  const token = {
    token: 't',
    portalId: 1,
    appId: 77,
    userId: 1,
    kind: 'private',
    scopes: new Set<string>(),
    expiresAt: undefined,
    isRevoked: false,
  } as const;
  const call = { request, portal, token, switches: DEFAULT_SWITCHES, now: 5 };
  return toObjectCall(call, resolveType(portal, 'contacts'));
}

test('listeners hear of every change in its order, with the app that made it, until they leave', () => {
  const portal = new Portal({ id: 1, plan: 'free', hasAddOn: false, hublet: 'na1', timeZone: 'UTC' });
  const call = callOn(portal);
  const heard: Change[] = [];
  const leave = portal.changes.on((change) => void heard.push(change));
  const told = (): string[] =>
    heard.splice(0).map((change) => {
      expect(change).toMatchObject({ typeId: '0-1', at: 5, source: { sourceId: '77' } });
      return change.kind === 'propertyChange'
        ? `${change.propertyName}=${change.propertyValue}`
        : `${change.kind} by ${change.source.changeSource}`;
    });
  const one = applyWrite(call, checkCreation(call, { email: 'a@x.com', city: 'Oslo' }));
  expect(told()).toEqual([
    'creation by INTEGRATION',
    'email=a@x.com',
    'city=Oslo',
    'lifecyclestage=lead',
    'hs_lifecyclestage_lead_date=5',
  ]);
  // What stays as it is, is no change.
  const changed = applyWrite(call, checkUpdate(call, one, { city: '', email: 'a@x.com' }));
  expect(told()).toEqual(['city=']);
  const two = applyWrite(call, checkCreation(call, { email: 'b@x.com', phone: '1' }));
  heard.length = 0;
  const merged = mergeRecords(call, changed.id, two.id);
  expect(heard).toMatchObject([
    {
      objectId: merged.id,
      primaryObjectId: one.id,
      mergedObjectIds: [two.id],
      newObjectId: merged.id,
      // The phone, the other address and the ids that were merged.
      numberOfPropertiesMoved: 3,
    },
  ]);
  expect(told()).toEqual(['merge by MERGE_CONTACTS']);
  archiveRecord(call, merged);
  expect(told()).toEqual(['deletion by INTEGRATION']);
  forgetRecord(call, merged);
  expect(told()).toEqual(['privacyDeletion by INTEGRATION', 'deletion by INTEGRATION']);
  leave();
  applyWrite(call, checkCreation(call, { city: 'Oslo' }));
  expect(told()).toEqual([]);
});
