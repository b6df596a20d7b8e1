/** The actions `sendCustomBehavioralEvent` and `customEvent`. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { Draft } from './draft.ts';
import { Fields } from './fields.ts';

export function sendCustomBehavioralEvent(fields: Fields): readonly Draft[] {
  const name = fields.get('eventName');
  if (name === undefined) return noFlow(fields, 'eventName');
  fields.leaveOutAllBut(['eventName', 'occurredAt', 'email', 'utk', 'objectId', 'properties']);
  const event = typeof name === 'string' ? behaviouralName(name) : name;
  if (typeof event !== 'string') {
    fields.place
      .at('eventName')
      .differs(
        'A name without "pe", the portal and "_" in front is looked up in HubSpot; Segment refuses it.',
      );
  }
  const subject = fields.renamed({ email: 'email', utk: 'utk', objectId: 'object_id' });
  return [draft(fields, event, subject, fields.get('occurredAt'), 'never')];
}

/** Segment's own spelling of these names. */
function behaviouralName(name: string): string {
  return name.replaceAll(/[\s.]+/g, '_').toLowerCase();
}

export function customEvent(fields: Fields): readonly Draft[] {
  const event = fields.get('event_name');
  if (event === undefined) return noFlow(fields, 'event_name');
  fields.leaveOutAllBut(['event_name', 'record_details', 'properties', 'occurred_at']);
  const raw = fields.raw('record_details');
  if (!isJsonObject(raw)) return noFlow(fields, 'record_details');
  const details = new Fields(raw, fields.place.at('record_details'));
  details.leaveOutAllBut(['object_type', 'object_id', 'email', 'utk']);
  const type = details.get('object_type');
  // Segment sends address and cookie for contacts only.
  const isOfContact = type === undefined || type === 'contact' || type === 'contacts' || type === '0-1';
  const subject = details.renamed({
    object_id: 'object_id',
    ...(isOfContact ? { email: 'email', utk: 'utk' } : {}),
  });
  if (fields.syncMode === 'add') {
    fields.place
      .at('__segment_internal_sync_mode')
      .differs('Properties that the event lacks in HubSpot are created too; Segment creates events only.');
  }
  const schema = fields.syncMode === 'update' ? 'extend' : 'create';
  const ofType = type === undefined ? subject : { object_type: type, ...subject };
  return [draft(fields, event, ofType, fields.get('occurred_at'), schema)];
}

function draft(
  fields: Fields,
  event: JsonValue,
  subject: JsonObject,
  occurredAt: JsonValue | undefined,
  schema: string,
): Draft {
  const properties = fields.get('properties');
  return {
    action: 'hubspot/send-event',
    map: {
      $merge: [
        // What is empty is as good as absent, in Segment too.
        {
          $omit_blank: {
            event,
            ...subject,
            ...(occurredAt === undefined ? {} : { occurred_at: asDate(occurredAt) }),
          },
        },
        {
          uuid: { $path: 'messageId' },
          properties: properties === undefined ? {} : { $omit_null: properties },
        },
      ],
    },
    options: { schema },
  };
}

/** Segment takes seconds and milliseconds too; the timestamp of the event itself is as HubSpot wants it. */
function asDate(value: JsonValue): JsonValue {
  const isTimestamp = isJsonObject(value) && value['$path'] === 'timestamp';
  return isTimestamp ? value : { $date: { value, as: 'iso' } };
}

function noFlow(fields: Fields, name: string): readonly Draft[] {
  fields.place.at(name).leaveOut('Segment needs this field. There is no flow for this mapping.');
  return [];
}
