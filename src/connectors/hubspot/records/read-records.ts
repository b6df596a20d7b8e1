import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { normaliseEmail } from './email.ts';
import { toEpochMs } from './property-value.ts';
import type { RecordContext } from './record-context.ts';

/** A record as HubSpot holds it now, as far as it was asked for. */
export interface RecordState {
  readonly id: string;
  /** Of a contact the primary address, by which an upsert reaches it without changing its addresses; else empty. */
  readonly email: string;
  readonly properties: Readonly<Record<string, string | null>>;
  /** When properties got their present value, for those whose history was asked for. */
  readonly changedMs: ReadonlyMap<string, number>;
  /** When the record was changed last; `undefined` when HubSpot does not say. */
  readonly updatedMs: number | undefined;
}

/** Which properties a read asks for. */
export interface Wanted {
  readonly names: ReadonlySet<string>;
  /** Those whose last change matters, too. */
  readonly withHistory: ReadonlySet<string>;
}

const ADDRESSES = ['email', 'hs_additional_emails'];
// HubSpot's caps for a read in one call, without and with history (developers.hubspot.com, CRM objects, batch read,
// read 2026-11).
const READ_MAX = 100;
const READ_WITH_HISTORY_MAX = 50;

/**
 * Reads records by their id or by a unique property, one call for up to 100, by the key they were asked for.
 * `undefined` when an answer cannot be read; a record that is missing in the result does not exist.
 */
export function* readBy(
  by: string,
  keys: Iterable<string>,
  wanted: Wanted,
  context: RecordContext,
): Steps<ReadonlyMap<string, RecordState> | undefined> {
  const values = [...new Set(keys)];
  const states = yield* readAll(by, values, wanted, context);
  if (states === undefined) return undefined;
  if (by === 'id') return new Map(states.map((state) => [state.id, state]));
  if (by === 'email') return byAddress(states, values);
  // Values are matched as HubSpot answers them; should it find them without regard to case, then so.
  const exact = new Map(states.map((state) => [state.properties[by] ?? '', state]));
  const loose = new Map(states.map((state) => [(state.properties[by] ?? '').toLowerCase(), state]));
  return new Map(
    values.flatMap((value) => {
      const state = exact.get(value) ?? loose.get(value.toLowerCase());
      return state === undefined ? [] : [[value, state]];
    }),
  );
}

function byAddress(
  states: readonly RecordState[],
  wanted: readonly string[],
): ReadonlyMap<string, RecordState> {
  const found = new Map<string, RecordState>();
  for (const state of states) {
    for (const address of additionalAddresses(state)) {
      if (!found.has(address)) found.set(address, state);
    }
  }
  // An address is primary for one contact at most; that contact is the one meant.
  for (const state of states) if (state.email !== '') found.set(state.email, state);
  // The only answer to the only question: HubSpot may know the address from elsewhere, e.g. a merged contact.
  const [only] = states;
  const [email] = wanted;
  if (wanted.length === 1 && states.length === 1 && only !== undefined && email !== undefined) {
    found.set(email, only);
  }
  return found;
}

/** The addresses of a contact besides its primary one. */
export function additionalAddresses({ properties }: RecordState): readonly string[] {
  const addresses = (properties['hs_additional_emails'] ?? '').split(';').map(normaliseEmail);
  return addresses.filter((address) => address !== '');
}

function* readAll(
  by: string,
  values: readonly string[],
  { names, withHistory }: Wanted,
  { type, settings }: RecordContext,
): Steps<readonly RecordState[] | undefined> {
  const size = withHistory.size === 0 ? READ_MAX : READ_WITH_HISTORY_MAX;
  const keyNames = type === 'contacts' ? ADDRESSES : by === 'id' ? [] : [by];
  const states: RecordState[] = [];
  for (let at = 0; at < values.length; at += size) {
    const { body } = yield* send({
      method: 'POST',
      path: `${pathsOf(settings.api_version).objects(type)}/batch/read`,
      body: {
        inputs: values.slice(at, at + size).map((id) => ({ id })),
        properties: [...new Set([...keyNames, ...(by === 'id' ? [] : [by]), ...names])],
        ...(withHistory.size === 0 ? {} : { propertiesWithHistory: [...withHistory] }),
        ...(by === 'id' ? {} : { idProperty: by }),
      },
    });
    if (!isJsonObject(body) || !Array.isArray(body['results'])) return undefined;
    states.push(...body['results'].flatMap(toState));
  }
  return states;
}

function toState(result: unknown): readonly RecordState[] {
  const id = stringField(result, 'id');
  const properties = isJsonObject(result) ? result['properties'] : undefined;
  if (id === undefined || !isJsonObject(properties)) return [];
  return [
    {
      id,
      email: normaliseEmail(stringField(properties, 'email') ?? ''),
      properties: textsOf(properties),
      changedMs: changesOf(isJsonObject(result) ? result['propertiesWithHistory'] : undefined),
      updatedMs: toEpochMs(stringField(result, 'updatedAt') ?? null),
    },
  ];
}

/** Newest first, each with its time (developers.hubspot.com, CRM objects, property history, read 2026-11). */
function changesOf(history: unknown): ReadonlyMap<string, number> {
  if (!isJsonObject(history)) return new Map();
  return new Map(
    Object.entries(history).flatMap(([name, versions]) => {
      const newest: unknown = Array.isArray(versions) ? versions[0] : undefined;
      const changedMs = toEpochMs(stringField(newest, 'timestamp') ?? null);
      return changedMs === undefined ? [] : [[name, changedMs]];
    }),
  );
}

function textsOf(properties: JsonObject): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  );
}
