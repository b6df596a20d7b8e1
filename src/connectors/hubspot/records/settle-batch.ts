import { isJsonObject } from '../../../kernel/json.ts';
import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import { stringField } from '../../../kit/index.ts';
import { toEpochMs } from './property-value.ts';
import { contextStrings, readVendorError, toFault } from '../vendor-error.ts';

/** One record in a call that writes several. */
export interface Entry {
  readonly traceId: string;
  /** The property by which HubSpot finds the record, `id` for the record id. */
  readonly by: string;
  readonly value: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** What HubSpot did with an entry. */
export type Verdict =
  /** `updatedMs` is HubSpot's own time of the write. */
  | { readonly kind: 'written'; readonly id: string; readonly updatedMs: number | undefined }
  /** Another record holds the address as one of its own. */
  | { readonly kind: 'held'; readonly holderId: string }
  /** Another record holds the value of a unique property that is no e-mail address. */
  | { readonly kind: 'taken'; readonly property: string; readonly fault: Fault }
  /** The record id is not there any more: deleted, or merged into another. */
  | { readonly kind: 'gone' }
  /** Refused because of a property: either the value, or what we believe about the property, is wrong. */
  | { readonly kind: 'property'; readonly fault: Fault }
  | { readonly kind: 'failed'; readonly outcome: Extract<Outcome, { kind: 'rejected' | 'retry' }> };

export interface Settled {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Entries that an error concerns which names none of them. */
  readonly unclear: readonly Entry[];
}

/**
 * Reads a 2xx answer. Partial failure comes as 207 in v3 and as plain 200 with `numErrors` in 2026-09, so
 * both lists are read whatever the status. An entry that is in neither was not written.
 */
export function settleBatch(body: unknown, entries: readonly Entry[]): Settled {
  const verdicts = new Map<string, Verdict>();
  const find = finder(entries);
  for (const result of listOf(body, 'results')) {
    const id = stringField(result, 'id');
    if (id === undefined) continue;
    const properties = isJsonObject(result) ? result['properties'] : undefined;
    const entry = find(stringField(result, 'objectWriteTraceId'), id, properties);
    if (entry === undefined) continue;
    const updatedMs = toEpochMs(stringField(result, 'updatedAt') ?? null);
    verdicts.set(entry.traceId, { kind: 'written', id, updatedMs });
  }
  let unnamed: Verdict | undefined;
  for (const error of listOf(body, 'errors')) {
    const verdict = toVerdict(error);
    const traceIds = contextStrings(error, 'objectWriteTraceId');
    const ids = [...contextStrings(error, 'ids'), ...contextStrings(error, 'id')];
    const found =
      traceIds.length > 0 ? traceIds.map((traceId) => find(traceId)) : ids.map((id) => find(undefined, id));
    const concerned = found.filter((entry) => entry !== undefined);
    for (const { traceId } of concerned) verdicts.set(traceId, verdict);
    if (concerned.length === 0) unnamed = verdict;
  }
  const missing = entries.filter(({ traceId }) => !verdicts.has(traceId));
  if (unnamed !== undefined && missing.length > 1) return { verdicts, unclear: missing };
  for (const { traceId } of missing) verdicts.set(traceId, unnamed ?? SILENT);
  return { verdicts, unclear: [] };
}

// Malformed batches were seen to answer 2xx with neither result nor error (rudderlabs/rudder-transformer#5167).
const SILENT: Verdict = {
  kind: 'failed',
  outcome: {
    kind: 'rejected',
    fault: {
      code: 'hubspot.item_missing',
      message: 'HubSpot accepted the call, but its answer lacks this record.',
    },
  },
};

// What HubSpot says when the catalogue of properties is out of date, or the value unfit.
export const PROPERTY_CODES: ReadonlySet<string> = new Set([
  'PROPERTY_DOESNT_EXIST',
  'INVALID_OPTION',
  'READ_ONLY_VALUE',
]);

// Of one row: trouble of HubSpot's, not of the record.
const TRANSIENT_CODES = new Set(['RATE_LIMITS', 'RATE_LIMIT', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE']);

/** What an error, a row's or a whole call's for a single entry, means for it. */
export function toVerdict(error: unknown, status?: number): Verdict {
  const { code, holderId, takenProperty } = readVendorError(error);
  if (holderId !== undefined) return { kind: 'held', holderId };
  if (status === 404 || code === 'OBJECT_NOT_FOUND') return { kind: 'gone' };
  const fault = toFault(error, status);
  if (takenProperty !== undefined) return { kind: 'taken', property: takenProperty, fault };
  if (code !== undefined && PROPERTY_CODES.has(code)) return { kind: 'property', fault };
  // A conflict that names no holder is another writer's race: it will look different next time.
  const isTransient =
    status === 409 || code === 'CONFLICT' || (code !== undefined && TRANSIENT_CODES.has(code));
  return { kind: 'failed', outcome: { kind: isTransient ? 'retry' : 'rejected', fault } };
}

type Find = (traceId: string | undefined, id?: string, properties?: unknown) => Entry | undefined;

/** Finds the entry that an answer is about: by trace id, which HubSpot returns in most answers, else by its key. */
function finder(entries: readonly Entry[]): Find {
  const byTrace = new Map(entries.map((entry) => [entry.traceId, entry]));
  const byKey = new Map(entries.map((entry) => [entry.value.toLowerCase(), entry]));
  const [first] = entries;
  return (traceId, id, properties) => {
    const held = first === undefined ? undefined : stringField(properties, first.by);
    return (
      (traceId === undefined ? undefined : byTrace.get(traceId)) ??
      (id === undefined ? undefined : byKey.get(id.toLowerCase())) ??
      (held === undefined ? undefined : byKey.get(held.trim().toLowerCase()))
    );
  };
}

function listOf(body: unknown, name: string): readonly unknown[] {
  const list: unknown = isJsonObject(body) ? body[name] : undefined;
  return Array.isArray(list) ? list : [];
}
