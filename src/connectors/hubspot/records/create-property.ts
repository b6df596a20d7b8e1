import { isJsonObject } from '../../../kernel/json.ts';
import type { Fault } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { toFault } from '../vendor-error.ts';
import type { Catalogue } from './catalogue.ts';
import { propertySchema, toProperty } from './property.ts';
import type { RecordContext } from './record-context.ts';

/** A property to create, in HubSpot's words. */
export interface NewProperty {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly fieldType: string;
  readonly groupName: string;
  readonly description: string;
  readonly hasUniqueValue?: boolean;
  readonly hidden?: boolean;
  readonly options?: readonly string[];
}

export type Created =
  | { readonly kind: 'created' }
  /** Another worker was first, or HubSpot keeps the name for an archived property. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** Creates a property and puts it into the catalogue. */
export function* createProperty(
  { options, ...definition }: NewProperty,
  catalogue: Catalogue,
  { type, settings }: RecordContext,
): Steps<Created> {
  const response = yield* send({
    method: 'POST',
    path: pathsOf(settings.api_version).properties(type),
    body: {
      ...definition,
      ...(options === undefined ? {} : { options: options.map((value, index) => toOption(value, index)) }),
    },
    accept: [400, 409],
  });
  if (response.status === 409) return { kind: 'taken' };
  if (response.status === 400) return { kind: 'refused', fault: toFault(response.body, response.status) };
  const created = propertySchema.safeParse(response.body);
  if (created.success) catalogue.put(toProperty(created.data));
  return { kind: 'created' };
}

export function toOption(
  value: string,
  displayOrder: number,
): { readonly [key: string]: string | number | boolean } {
  return { label: value, value, displayOrder, hidden: false };
}

// The groups of the basic properties that HubSpot makes with an account (CRM properties guide, read 2026-11).
const BASIC_GROUPS: ReadonlyMap<string, string> = new Map([
  ['contacts', 'contactinformation'],
  ['companies', 'companyinformation'],
  ['deals', 'dealinformation'],
  ['tickets', 'ticketinformation'],
]);

export function basicGroup(type: string): string | undefined {
  return BASIC_GROUPS.get(type);
}

// A group once seen stays for as long as the catalogue is believed.
const GROUPS_MS = 3_600_000;

/** Makes sure that a group of properties is there, whoever creates it. */
export function* ensureGroup(name: string, { type, settings, cache }: RecordContext): Steps<void> {
  const key = `property-groups:${type}`;
  const cached = cache.get(key);
  const known = cached instanceof Set ? (cached as ReadonlySet<unknown>) : new Set();
  if (known.has(name)) return;
  const path = `${pathsOf(settings.api_version).properties(type)}/groups`;
  const { body } = yield* send({ method: 'GET', path });
  const groups = isJsonObject(body) && Array.isArray(body['results']) ? body['results'] : [];
  const names = groups.map((group: unknown) => (isJsonObject(group) ? group['name'] : undefined));
  // A refusal shows when the property is created; 409 says that somebody else was first.
  if (!names.includes(name))
    yield* send({ method: 'POST', path, body: { name, label: labelOf(name) }, accept: [400, 409] });
  cache.set(key, new Set([...names, name]), GROUPS_MS);
}

/** `shoe_size` as people read it: Shoe size. */
export function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
