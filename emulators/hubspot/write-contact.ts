import { additionalEmails, addHistory } from './contact-record.ts';
import type { ContactRecord } from './contact-record.ts';
import { toUniqueKey } from './contact-store.ts';
import { contactExists, propertiesInvalid, valueTaken } from './errors.ts';
import type { PropertyFault } from './errors.ts';
import type { Call } from './guard.ts';
import { isFields, wrongType } from './input.ts';
import type { Fields } from './input.ts';
import { checkValue, toEmail } from './value-rules.ts';

/** A write that may be carried out: every value checked and free. */
export interface CheckedWrite {
  /** The contact that changes; absent when it is to be created. */
  readonly record: ContactRecord | undefined;
  readonly id: string;
  /** What is written; the empty string clears. */
  readonly changes: Readonly<Record<string, string>>;
  /** The names that the caller sent. */
  readonly touched: readonly string[];
}

/** Checks a creation. The id is taken first: a creation that is refused has used it up (recorded). */
export function checkCreation(call: Call, given: Fields): CheckedWrite {
  const id = call.portal.contacts.takeId();
  const changes = checkProperties(call, given, undefined);
  refuseTaken(call, changes, undefined, id);
  const stage = call.switches.defaultLifecycleStage;
  if (stage !== null && (changes['lifecyclestage'] ?? '') === '') changes['lifecyclestage'] = stage;
  return { record: undefined, id, changes: withStageDate(changes, call.now), touched: Object.keys(given) };
}

export function checkUpdate(call: Call, record: ContactRecord, given: Fields): CheckedWrite {
  const changes = checkProperties(call, given, record);
  refuseTaken(call, changes, record, record.id);
  moveOwnEmails(call, changes, record);
  if (isStageBackward(call, changes['lifecyclestage'], record)) delete changes['lifecyclestage'];
  const isStageNew = changes['lifecyclestage'] !== record.values['lifecyclestage'];
  return {
    record,
    id: record.id,
    changes: isStageNew ? withStageDate(changes, call.now) : changes,
    touched: Object.keys(given),
  };
}

export function applyWrite(call: Call, write: CheckedWrite): ContactRecord {
  const { portal, now, switches, token } = call;
  const { unique } = portal.properties;
  const values: Record<string, string> = { ...write.record?.values };
  for (const name in write.changes) {
    const value = write.changes[name] ?? '';
    if (value === '') delete values[name];
    else values[name] = value;
  }
  const record = write.record ?? newRecord(call, write.id, values);
  if (record.values['lifecyclestage'] !== values['lifecyclestage']) record.stageAt = now;
  addHistory(record, { at: now, appId: token.appId, changes: write.changes });
  record.updatedAt = now;
  if (write.record === undefined) portal.contacts.add(record, unique, switches);
  else portal.contacts.replaceValues(record, values, unique, switches);
  portal.search.note(record, now);
  return record;
}

function newRecord(
  { now, token }: Call,
  id: string,
  values: Readonly<Record<string, string>>,
): ContactRecord {
  return {
    id,
    createdAt: now,
    appId: token.appId,
    values,
    updatedAt: now,
    stageAt: now,
    archivedAt: undefined,
    history: [],
  };
}

/** The unique values a write takes, so that a batch can see two of its inputs asking for the same one. */
export function claimsOf(
  call: Call,
  write: CheckedWrite,
): { readonly property: string; readonly value: string; readonly key: string }[] {
  const names = ['email', ...call.portal.properties.unique.map(({ name }) => name)];
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

function checkProperties(
  call: Call,
  given: Fields,
  record: ContactRecord | undefined,
): Record<string, string> {
  const { portal, switches } = call;
  const changes: Record<string, string> = {};
  const faults: PropertyFault[] = [];
  const refuse = (property: string, code: string, message: string): void =>
    void faults.push({ property, code, message });
  for (const [name, raw] of Object.entries(given)) {
    const property = portal.properties.find(name);
    if (property === undefined) {
      refuse(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
      continue;
    }
    const isWritable =
      !property.readOnlyValue || (name === 'hs_additional_emails' && switches.additionalEmailsWritable);
    if (!isWritable) {
      refuse(name, 'READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set`);
      continue;
    }
    const text = toText(call, name, raw);
    if (text === undefined) continue;
    if (text === '') {
      changes[name] = '';
      continue;
    }
    const checked = checkValue(property, text, record?.values[name], switches);
    if ('fault' in checked) faults.push(checked.fault);
    else changes[name] = checked.value;
  }
  if (faults.length > 0) throw propertiesInvalid(faults, portal.id);
  return changes;
}

function toText(call: Call, name: string, raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
  if (raw === null && call.switches.nullValue === 'ignore') return undefined;
  if (raw === null && call.switches.nullValue === 'clear') return '';
  return wrongType(call.request, name, 'java.lang.String', raw);
}

function refuseTaken(
  call: Call,
  changes: Record<string, string>,
  record: ContactRecord | undefined,
  id: string,
): void {
  const { portal, switches } = call;
  const taken = (property: string, value: string, holder: ContactRecord): never => {
    throw valueTaken({ portalId: portal.id, property, value, id, holderId: holder.id });
  };
  const email = changes['email'] ?? '';
  const holder = email === '' ? undefined : portal.contacts.findByEmail(email);
  if (holder !== undefined && holder !== record) {
    // A POST of someone's primary address is the one case with a 409 of its own.
    if (record === undefined && holder.values['email'] === email) throw contactExists(holder.id);
    taken('email', email, holder);
  }
  if (changes['hs_additional_emails'] !== undefined) {
    const emails = additionalEmails(changes).map(toEmail);
    for (const address of emails) {
      const owner = portal.contacts.findByEmail(address);
      if (owner !== undefined && owner !== record) taken('hs_additional_emails', address, owner);
    }
    changes['hs_additional_emails'] = emails.join(';');
  }
  for (const { name } of portal.properties.unique) {
    const value = changes[name] ?? '';
    const owner = value === '' ? undefined : portal.contacts.findByUnique(name, value, switches);
    if (owner !== undefined && owner !== record) taken(name, value, owner);
  }
}

function moveOwnEmails(call: Call, changes: Record<string, string>, record: ContactRecord): void {
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
function isStageBackward(call: Call, stage: string | undefined, record: ContactRecord): boolean {
  const current = record.values['lifecyclestage'];
  if (stage === undefined || stage === '' || current === undefined) return false;
  const order = (call.portal.properties.find('lifecyclestage')?.options ?? []).map(({ value }) => value);
  return order.indexOf(stage) < order.indexOf(current);
}

/** Entering a stage leaves its date, in epoch milliseconds (recorded). */
function withStageDate(changes: Record<string, string>, now: number): Record<string, string> {
  const stage = changes['lifecyclestage'] ?? '';
  if (stage !== '') changes[`hs_lifecyclestage_${stage}_date`] = String(now);
  return changes;
}
