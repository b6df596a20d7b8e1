import { Refused } from '../../core/index.ts';
import { backgroundCall } from '../background-call.ts';
import { toObjectCall } from '../objects/object-call.ts';
import { CONTACTS, resolveType } from '../objects/object-types.ts';
import { applyWrite, checkCreation } from '../objects/write-record.ts';
import type { Portal } from '../portal.ts';
import type { HubspotState } from '../state.ts';
import type { EventDefinition } from './event-definition.ts';
import type { SentEvent } from './event-store.ts';

/** The asynchronous half of sending: finds the record of each event whose time has come. */
export function processDueEvents(state: HubspotState, portal: Portal): void {
  for (const event of portal.events.takeDue(state.clock.now())) settle(state, portal, event);
}

/** A visitor turns out to be a contact: the visitor's events are the contact's. */
export function noteVisitor(state: HubspotState, portal: Portal, utk: string, contactId: string): void {
  portal.visitors.set(utk, contactId);
  for (const event of portal.events.takeOfVisitor(utk)) settle(state, portal, event);
}

function settle(state: HubspotState, portal: Portal, event: SentEvent): void {
  const { events } = portal;
  const definition = events.definitions.find(event.eventName);
  if (definition === undefined) return events.lose(event, 'its definition is gone');
  if (state.switches.eventUuidDeduplicates && events.isRepeated(event)) {
    return events.lose(event, 'its uuid was seen before');
  }
  const found = findRecord(state, portal, definition, event);
  if ('visitor' in found) return events.holdForVisitor(found.visitor, event);
  if ('reason' in found) return events.lose(event, found.reason);
  const occurrence = events.add(event, definition.primaryTypeId, found.id);
  state.webhooks.noteEvent(state, portal, occurrence);
}

type Found = { readonly id: string } | { readonly visitor: string } | { readonly reason: string };

/** In the documented order: the property that the definition names, the record id, the address, the visitor. */
function findRecord(
  state: HubspotState,
  portal: Portal,
  { primaryTypeId, matching }: EventDefinition,
  event: SentEvent,
): Found {
  const records = portal.records(primaryTypeId);
  const wanted = matching === undefined ? undefined : event.properties[matching.eventPropertyName];
  if (matching !== undefined && wanted !== undefined) {
    for (const record of records.all()) {
      const isIt =
        record.archivedAt === undefined && record.values[matching.targetObjectPropertyName] === wanted;
      if (isIt) return { id: record.id };
    }
  }
  if (event.objectId !== undefined) {
    const record = records.findMerged(event.objectId);
    if (record !== undefined) return { id: record.id };
    return { reason: `there is no record ${event.objectId}` };
  }
  if (primaryTypeId !== CONTACTS) return { reason: 'it names no record, and only contacts have other names' };
  if (event.email !== undefined) return findContact(state, portal, event.email);
  if (event.utk === undefined) return { reason: 'it names no record' };
  const known = portal.visitors.get(event.utk);
  return known === undefined ? { visitor: event.utk } : { id: known };
}

function findContact(state: HubspotState, portal: Portal, email: string): Found {
  const known = portal.records(CONTACTS).findByEmail(email);
  if (known !== undefined) return { id: known.id };
  if (state.switches.unknownEventEmail === 'drop') return { reason: `there is no contact ${email}` };
  const call = backgroundCall(state, portal, { changeSource: 'BEHAVIORAL_EVENTS', sourceId: 'events' });
  const objectCall = toObjectCall(call, resolveType(portal, CONTACTS));
  try {
    return { id: applyWrite(objectCall, checkCreation(objectCall, { email })).id };
  } catch (error) {
    // Nobody hears of it: the event was accepted long ago.
    if (error instanceof Refused) return { reason: `no contact can be made for ${email}` };
    throw error;
  }
}
