/** Writes to records: every value checked and free first, then carried out and told to whoever listens. */
import { linkPlanned, planLinks } from '../associations/plan-links.ts';
import type { Call } from '../call.ts';
import { propertiesInvalid, recordExists, requiredMissing, valueTaken } from '../errors.ts';
import { isFields, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import type { ChangeSource } from './change-feed.ts';
import { checkProperties } from './check-properties.ts';
import { addDefaults, hasLifecycle } from './creation-defaults.ts';
import { hasEmailIdentity } from './object-call.ts';
import type { ObjectCall } from './object-call.ts';
import { addHistory, additionalEmails } from './object-record.ts';
import type { ObjectRecord, Values } from './object-record.ts';
import { toUniqueKey } from './record-store.ts';
import type { PlannedLink } from './relations.ts';
import { lifecycleOf, stageFault, stagePropertiesOf } from './stages.ts';
import { toEmail } from './value-rules.ts';

/** A write that may be carried out. */
export interface CheckedWrite {
  /** The record that changes; absent when it is to be created. */
  readonly record: ObjectRecord | undefined;
  readonly id: string;
  /** What is written; the empty string clears. */
  readonly changes: Values;
  /** The names that the caller sent. */
  readonly touched: readonly string[];
  /** Values that the answer gives back as they were sent. */
  readonly echo: Values;
  /** Associations that a creation asks for. */
  readonly links: readonly PlannedLink[];
}

/** Checks a creation. The id is taken first: a creation that is refused has used it up (recorded). */
export function checkCreation(
  call: ObjectCall,
  given: Fields,
  associations: readonly unknown[] = [],
): CheckedWrite {
  const id = call.records.takeId();
  const changes = checkProperties(call, given, undefined);
  requireProperties(call, changes);
  refuseTaken(call, changes, undefined, id);
  addDefaults(call, changes);
  refuseMisfit(call, withChanges({}, changes), true);
  addStageDate(call, changes);
  return {
    record: undefined,
    id,
    changes,
    touched: Object.keys(given),
    echo: echoOf(call, given),
    links: planLinks(call, call.type.id, associations),
  };
}

export function checkUpdate(call: ObjectCall, record: ObjectRecord, given: Fields): CheckedWrite {
  const changes = checkProperties(call, given, record);
  refuseTaken(call, changes, record, record.id);
  moveOwnEmails(call, changes, record);
  if (isStageBackward(call, changes['lifecyclestage'], record)) delete changes['lifecyclestage'];
  refuseMisfit(call, withChanges(record.values, changes), false);
  if (changes['lifecyclestage'] !== record.values['lifecyclestage']) addStageDate(call, changes);
  return {
    record,
    id: record.id,
    changes,
    touched: Object.keys(given),
    echo: echoOf(call, given),
    links: [],
  };
}

export function applyWrite(call: ObjectCall, write: CheckedWrite): ObjectRecord {
  const { type, records, now, switches } = call;
  const source = sourceOf(call);
  const before = write.record;
  const values = withChanges(before?.values ?? {}, write.changes);
  const stage = hasLifecycle(type.id) ? 'lifecyclestage' : stagePropertiesOf(type.id).stage;
  const record: ObjectRecord = {
    typeId: type.id,
    id: write.id,
    createdAt: before?.createdAt ?? now,
    source: before?.source ?? source,
    values,
    updatedAt: now,
    stageAt: before === undefined || before.values[stage] !== values[stage] ? now : before.stageAt,
    archivedAt: undefined,
    history: before?.history ?? [],
  };
  addHistory(record, { at: now, source, changes: write.changes });
  if (before === undefined) records.add(record, switches);
  else records.replace(record, switches);
  call.portal.search(type.id).note(record.id, record, now, switches.searchLagMs);
  tell(call, write, source);
  if (write.links.length > 0) linkPlanned(call, type.id, record.id, write.links);
  return record;
}

/** Who writes: the app of the token, unless the call speaks for a form or an import. */
export function sourceOf({ source, token }: Call): ChangeSource {
  return source ?? { changeSource: 'INTEGRATION', sourceId: String(token.appId) };
}

/** The unique values a write takes, so that a batch can see two of its inputs asking for the same one. */
export function claimsOf(
  call: ObjectCall,
  write: CheckedWrite,
): { readonly property: string; readonly value: string; readonly key: string }[] {
  const names = call.properties.unique.map(({ name }) => name);
  if (hasEmailIdentity(call.type)) names.unshift('email');
  return names.flatMap((property) => {
    const value = write.changes[property] ?? '';
    return value === ''
      ? []
      : [{ property, value, key: `${property}\n${toUniqueKey(value, call.switches)}` }];
  });
}

/** The `properties` of an input; Jackson takes numbers and booleans for texts, nothing deeper. */
export function readProperties(call: Call, input: Fields): Fields {
  const given = input['properties'];
  return isFields(given) ? given : wrongType(call.request, 'properties', 'java.util.LinkedHashMap', given);
}

function withChanges(before: Values, changes: Values): Values {
  const values: Record<string, string> = { ...before };
  for (const name in changes) {
    const value = changes[name] ?? '';
    if (value === '') delete values[name];
    else values[name] = value;
  }
  return values;
}

/** As webhooks see it: a creation is followed by a change of each property that it sets. */
function tell({ portal, type, now }: ObjectCall, write: CheckedWrite, source: ChangeSource): void {
  const { changes: feed } = portal;
  if (!feed.isHeard) return;
  const change = { typeId: type.id, objectId: write.id, at: now, source };
  if (write.record === undefined) feed.emit({ ...change, kind: 'creation' });
  for (const [propertyName, propertyValue] of Object.entries(write.changes)) {
    if (propertyValue === (write.record?.values[propertyName] ?? '')) continue;
    feed.emit({ ...change, kind: 'propertyChange', propertyName, propertyValue });
  }
}

function requireProperties({ type, switches }: ObjectCall, changes: Values): void {
  const required =
    switches.requiredProperties === 'documented'
      ? [...type.required, ...type.requiredOnPaper]
      : type.required;
  const missing = required.filter((name) => (changes[name] ?? '') === '');
  if (missing.length > 0) throw requiredMissing(type, missing);
  const isAnyGiven = type.requiredAny.some((name) => (changes[name] ?? '') !== '');
  if (type.requiredAny.length > 0 && !isAnyGiven) throw requiredMissing(type, type.requiredAny);
}

function refuseTaken(
  call: ObjectCall,
  changes: Record<string, string>,
  record: ObjectRecord | undefined,
  id: string,
): void {
  const { portal, type, records, properties, switches } = call;
  const taken = (property: string, value: string, holder: ObjectRecord): never => {
    throw valueTaken({ portalId: portal.id, type, property, value, id, holderId: holder.id });
  };
  if (hasEmailIdentity(type)) {
    const email = changes['email'] ?? '';
    const holder = email === '' ? undefined : records.findByEmail(email);
    if (holder !== undefined && holder !== record) {
      // A POST of someone's primary address is the one case with a 409 of its own.
      if (record === undefined && holder.values['email'] === email) throw recordExists(type, holder.id);
      taken('email', email, holder);
    }
    if (changes['hs_additional_emails'] !== undefined) {
      const emails = additionalEmails(changes).map(toEmail);
      for (const address of emails) {
        const owner = records.findByEmail(address);
        if (owner !== undefined && owner !== record) taken('hs_additional_emails', address, owner);
      }
      changes['hs_additional_emails'] = emails.join(';');
    }
  }
  for (const { name } of properties.unique) {
    const value = changes[name] ?? '';
    const owner = value === '' ? undefined : records.findByUnique(name, value, switches);
    if (owner !== undefined && owner !== record) taken(name, value, owner);
  }
}

/** A stage of another pipeline; and what the account requires of its records, which only 2026-09 looks at. */
function refuseMisfit({ portal, type, version }: ObjectCall, values: Values, isNew: boolean): void {
  const misplaced = stageFault(portal, type.id, values);
  if (misplaced !== undefined) throw propertiesInvalid([misplaced], portal.id);
  if (version !== '2026-09') return;
  const missing = portal.requiredFields.missingOf(type.id, values, isNew);
  if (missing.length === 0) return;
  // Only the status and category of this refusal are documented; code and words are assumed.
  const faults = missing.map((property) => ({
    property,
    code: 'REQUIRED_PROPERTY',
    message: `Property "${property}" is required`,
  }));
  throw propertiesInvalid(faults, portal.id);
}

function moveOwnEmails(call: ObjectCall, changes: Record<string, string>, record: ObjectRecord): void {
  if (!hasEmailIdentity(call.type)) return;
  const email = changes['email'] ?? '';
  const secondary = additionalEmails(record.values);
  if (!secondary.includes(email)) return;
  if (call.switches.ownSecondaryEmail === 'keep_primary') {
    delete changes['email'];
    return;
  }
  const others = secondary.filter((address) => address !== email);
  const primary = record.values['email'];
  changes['hs_additional_emails'] = [...others, ...(primary === undefined ? [] : [primary])].join(';');
}

/** A stage earlier in the list is ignored without a word; from no stage at all, any is fine. */
function isStageBackward(call: ObjectCall, stage: string | undefined, record: ObjectRecord): boolean {
  const current = record.values['lifecyclestage'];
  if (!hasLifecycle(call.type.id) || stage === undefined || stage === '' || current === undefined)
    return false;
  const order = lifecycleOf(call.portal, call.type.id);
  return order.indexOf(stage) < order.indexOf(current);
}

/** Entering a stage of the lifecycle leaves its date, in epoch milliseconds (recorded). */
function addStageDate({ type, now }: ObjectCall, changes: Record<string, string>): void {
  const stage = changes['lifecyclestage'] ?? '';
  if (hasLifecycle(type.id) && stage !== '') changes[`hs_lifecyclestage_${stage}_date`] = String(now);
}

function echoOf({ type }: ObjectCall, given: Fields): Values {
  return Object.fromEntries(
    type.echoed.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : [])),
  );
}
