import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonValue } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import type { Partly } from '../in-halves.ts';
import { pathsOf } from '../paths.ts';
import { listOf } from '../vendor-answer.ts';
import { contextStrings, toFault } from '../vendor-error.ts';
import type { AssociationType } from './label-types.ts';
import type { Link, LinkContext } from './link.ts';

/** A link whose ends are known. */
export interface LinkEntry {
  readonly link: Link;
  readonly fromId: string;
  readonly toId: string;
  /** Absent for the association without a label. */
  readonly type: AssociationType | undefined;
}

export type WriteVerdict =
  | { readonly kind: 'linked' }
  | { readonly kind: 'gone'; readonly end: 'from' | 'to' }
  | { readonly kind: 'failed'; readonly outcome: Extract<Outcome, { kind: 'rejected' | 'retry' }> };

/** Writes links of one pair of types, all with a label or all without, in one call. */
export function* writeLinks(
  entries: readonly LinkEntry[],
  { settings }: LinkContext,
): Steps<Partly<LinkEntry, WriteVerdict>> {
  const [{ link, type }] = entries as readonly [LinkEntry];
  const path = pathsOf(settings.api_version).associations(link.from.type, link.to.type);
  const response = yield* send({
    method: 'POST',
    path: `${path}/batch/${type === undefined ? 'associate/default' : 'create'}`,
    body: { inputs: entries.map(toInput) },
    accept: [400, 404, 409],
  });
  const settled = new Map<LinkEntry, WriteVerdict>();
  const { status, body } = response;
  if (status >= 300) {
    return settleErrors(entries, settled, [body], status);
  }
  const linked = new Set(listOf(body, 'results').map(pairOf));
  for (const entry of entries) {
    if (linked.has(`${entry.fromId} ${entry.toId}`)) settled.set(entry, { kind: 'linked' });
  }
  return settleErrors(entries, settled, listOf(body, 'errors'));
}

function toInput({ fromId, toId, type }: LinkEntry): JsonValue {
  return { from: { id: fromId }, to: { id: toId }, ...(type === undefined ? {} : { types: [{ ...type }] }) };
}

/** Gives the entries that errors name their verdicts; an error that names none of them leaves the rest unclear. */
function settleErrors(
  entries: readonly LinkEntry[],
  settled: Map<LinkEntry, WriteVerdict>,
  errors: readonly unknown[],
  status?: number,
): Partly<LinkEntry, WriteVerdict> {
  let unnamed: WriteVerdict | undefined;
  for (const error of errors) {
    const concerned = entries.flatMap((entry) => {
      const verdict = settled.has(entry) ? undefined : verdictFor(entry, error, status);
      return verdict === undefined ? [] : [[entry, verdict] as const];
    });
    for (const [entry, verdict] of concerned) settled.set(entry, verdict);
    if (concerned.length === 0) unnamed = failed(error, status);
  }
  const open = entries.filter((entry) => !settled.has(entry));
  if (unnamed === undefined && status === undefined) return { settled, unclear: [] };
  // A call that was refused whole wrote nothing, whoever it names: the others are sent again.
  if (entries.length > 1) return { settled, unclear: open };
  for (const entry of open) settled.set(entry, unnamed ?? failed(errors[0], status));
  return { settled, unclear: [] };
}

/** What an error means for an entry, if it is about it: by the record ids in its context. */
function verdictFor(entry: LinkEntry, error: unknown, status: number | undefined): WriteVerdict | undefined {
  const end = endOf(entry, error);
  if (end === undefined) return undefined;
  const category = stringField(error, 'category');
  return category === 'OBJECT_NOT_FOUND' || status === 404 ? { kind: 'gone', end } : failed(error, status);
}

// `{category: "OBJECT_NOT_FOUND", subCategory: "crm.associations.TO_OBJECT_NOT_FOUND", message: "No contact with ID X
// exists", context: {objectType: ["contact"], id: ["X"]}}`, seen by integrators up to 2026-11.
function endOf({ fromId, toId }: LinkEntry, error: unknown): 'from' | 'to' | undefined {
  const side = stringField(error, 'subCategory') ?? '';
  const ids = ['id', 'ids', 'objectId'].flatMap((name) => contextStrings(error, name));
  const names = (id: string, own: string): boolean =>
    ids.includes(id) || contextStrings(error, own).includes(id);
  if (!side.includes('FROM_OBJECT') && names(toId, 'toObjectId')) return 'to';
  if (!side.includes('TO_OBJECT') && names(fromId, 'fromObjectId')) return 'from';
  return undefined;
}

// Of one row: trouble of HubSpot's, not of the link.
const TRANSIENT = new Set(['RATE_LIMITS', 'RATE_LIMIT', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'CONFLICT']);

function failed(error: unknown, status: number | undefined): WriteVerdict {
  const isTransient = status === 409 || TRANSIENT.has(stringField(error, 'category') ?? '');
  return {
    kind: 'failed',
    outcome: { kind: isTransient ? 'retry' : 'rejected', fault: toFault(error, status) },
  };
}

/** Results name the pair flat (`fromObjectId`) where labels were set, and as objects where not. */
function pairOf(result: unknown): string {
  return `${idOf(result, 'from')} ${idOf(result, 'to')}`;
}

function idOf(result: unknown, end: 'from' | 'to'): string {
  if (!isJsonObject(result)) return '';
  const object = result[end];
  const id = isJsonObject(object) ? object['id'] : result[`${end}ObjectId`];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}
