/**
 * What the debug endpoint would say of a hit, found here: the collector answers 204 to anything, so what is wrong would
 * be lost in silence. The names of the event and its parameters are the connector's own, so only values are looked at.
 * https://developers.google.com/analytics/devguides/collection/protocol/ga4/validating-events (read 2026-11)
 */
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';

/** In the shape of the vendor's `validationMessages`, without the values: they may be personal. */
export interface Violation {
  readonly fieldPath: string;
  readonly description: string;
  readonly validationCode:
    'VALUE_INVALID' | 'VALUE_REQUIRED' | 'VALUE_OUT_OF_BOUNDS' | 'EXCEEDED_MAX_ENTITIES';
}

// .../protocol/ga4/sending-events#limitations (read 2026-11).
const BODY_BYTES_MAX = 130_000;
const TEXT_LENGTH_MAX = 100;
// Of the browser's library; the protocol names no bound of its own.
const USER_ID_LENGTH_MAX = 256;
const ITEMS_MAX = 200;
const WINDOW_MS = 72 * 3_600_000;

export function violationsOf(body: JsonObject, nowMs: number, mayBeOld: boolean): readonly Violation[] {
  const found: Violation[] = [];
  const add = (validationCode: Violation['validationCode'], fieldPath: string, description: string): void => {
    found.push({ fieldPath, description, validationCode });
  };
  const { user_id, timestamp_micros, events } = body;
  if (typeof user_id === 'string' && user_id.length > USER_ID_LENGTH_MAX) {
    add('VALUE_OUT_OF_BOUNDS', 'user_id', 'is longer than 256 characters');
  }
  if (!mayBeOld && Number(timestamp_micros) / 1_000 < nowMs - WINDOW_MS) {
    add('VALUE_OUT_OF_BOUNDS', 'timestamp_micros', 'is older than 72 hours');
  }
  if (Buffer.byteLength(JSON.stringify(body)) >= BODY_BYTES_MAX) {
    add('VALUE_OUT_OF_BOUNDS', '', 'the body is not smaller than 130 kB');
  }
  const given: readonly unknown[] = Array.isArray(events) ? events : [];
  const [event] = given;
  const params = isJsonObject(event) && isJsonObject(event['params']) ? event['params'] : {};
  checkParams(params, add);
  return found;
}

type Add = (code: Violation['validationCode'], fieldPath: string, description: string) => void;

function checkParams(params: JsonObject, add: Add): void {
  const { currency, value, items } = params;
  if (currency === undefined && value !== undefined) {
    add('VALUE_REQUIRED', 'events.params.currency', 'is required beside a value');
  }
  if (currency !== undefined && (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))) {
    add('VALUE_INVALID', 'events.params.currency', 'is no ISO 4217 code');
  }
  const list: readonly JsonValue[] = Array.isArray(items) ? items : [];
  if (list.length === 0) add('VALUE_REQUIRED', 'events.params.items', 'is required');
  if (list.length > ITEMS_MAX) {
    add('EXCEEDED_MAX_ENTITIES', 'events.params.items', 'has more than 200 items');
  }
  checkLengths(params, 'events.params', add);
  for (const [index, item] of list.entries()) {
    const path = `events.params.items[${String(index)}]`;
    if (!isJsonObject(item)) continue;
    if (item['item_id'] === undefined && item['item_name'] === undefined) {
      add('VALUE_REQUIRED', path, 'needs item_id or item_name');
    }
    checkLengths(item, path, add);
  }
}

function checkLengths(fields: JsonObject, path: string, add: Add): void {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && value.length > TEXT_LENGTH_MAX) {
      add('VALUE_OUT_OF_BOUNDS', `${path}.${name}`, 'is longer than 100 characters');
    }
  }
}
