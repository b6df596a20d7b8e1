import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import type { ContactContext } from './record-context.ts';
import { normaliseEmail } from './record-input.ts';

/** A contact as HubSpot holds it now, as far as it was asked for. */
export interface ContactRecord {
  readonly id: string;
  /** The primary address, by which an upsert reaches the record without changing its addresses. */
  readonly email: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

const ADDRESSES = ['email', 'hs_additional_emails'];

/**
 * Reads contacts by any of their addresses, one call for up to 100. `undefined` when the answer cannot be
 * read; a contact that is missing in the result does not exist.
 */
export function* readByEmail(
  emails: Iterable<string>,
  names: Iterable<string>,
  context: ContactContext,
): Steps<ReadonlyMap<string, ContactRecord> | undefined> {
  const wanted = [...new Set(emails)];
  const results = yield* batchRead(wanted, 'email', names, context);
  if (results === undefined) return undefined;
  const found = new Map<string, ContactRecord>();
  for (const { record, others } of results) {
    for (const address of others) if (!found.has(address)) found.set(address, record);
  }
  // An address is primary for one contact at most; that contact is the one meant.
  for (const { record } of results) if (record.email !== '') found.set(record.email, record);
  // The only answer to the only question: HubSpot may know the address from elsewhere, e.g. a merged contact.
  const [only] = results;
  const [email] = wanted;
  if (wanted.length === 1 && results.length === 1 && only !== undefined && email !== undefined) {
    found.set(email, only.record);
  }
  return found;
}

export function* readById(
  ids: Iterable<string>,
  names: Iterable<string>,
  context: ContactContext,
): Steps<ReadonlyMap<string, ContactRecord> | undefined> {
  const results = yield* batchRead([...new Set(ids)], undefined, names, context);
  return results === undefined ? undefined : new Map(results.map(({ record }) => [record.id, record]));
}

interface ReadResult {
  readonly record: ContactRecord;
  /** The secondary addresses, normalised. */
  readonly others: readonly string[];
}

function* batchRead(
  ids: readonly string[],
  idProperty: string | undefined,
  names: Iterable<string>,
  context: ContactContext,
): Steps<readonly ReadResult[] | undefined> {
  const { body } = yield* send({
    method: 'POST',
    path: `${pathsOf(context.settings.api_version).objects('contacts')}/batch/read`,
    body: {
      inputs: ids.map((id) => ({ id })),
      properties: [...new Set([...ADDRESSES, ...names])],
      ...(idProperty === undefined ? {} : { idProperty }),
    },
  });
  if (!isJsonObject(body) || !Array.isArray(body['results'])) return undefined;
  return body['results'].flatMap((result: unknown) => {
    const id = stringField(result, 'id');
    const properties = isJsonObject(result) ? result['properties'] : undefined;
    if (id === undefined || !isJsonObject(properties)) return [];
    return [
      {
        record: { id, email: normaliseEmail(textOf(properties, 'email')), properties: textsOf(properties) },
        others: textOf(properties, 'hs_additional_emails')
          .split(';')
          .map(normaliseEmail)
          .filter((address) => address !== ''),
      },
    ];
  });
}

function textOf(properties: JsonObject, name: string): string {
  return stringField(properties, name) ?? '';
}

function textsOf(properties: JsonObject): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  );
}
