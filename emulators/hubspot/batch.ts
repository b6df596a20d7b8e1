import { json, Refused } from '../core/index.ts';
import type { Reply } from '../core/index.ts';
import type { ContactRecord } from './contact-record.ts';
import { contactExists, valueTaken } from './errors.ts';
import type { ErrorBody } from './errors.ts';
import type { Call } from './guard.ts';
import type { ShownContact } from './show-contact.ts';
import { batchStatus } from './versions.ts';
import type { Version } from './versions.ts';
import { applyWrite, claimsOf } from './write-contact.ts';
import type { CheckedWrite } from './write-contact.ts';

/** One input of a batch: a write, or an id that leads nowhere. */
export type BatchRow =
  | {
      readonly objectWriteTraceId?: string;
      check(): CheckedWrite;
      show(record: ContactRecord, write: CheckedWrite): ShownContact;
    }
  | { readonly objectWriteTraceId?: string; readonly missingId: string };

interface Batch {
  /** The status when every input was carried out. */
  readonly whole: 200 | 201;
  readonly rows: readonly BatchRow[];
  /** Whether a single bad input is only spared the others when every input has a trace id of its own. */
  readonly needsTraceIds: boolean;
  /** What a read has found already. */
  readonly results?: readonly ShownContact[];
}

type BatchError = Readonly<Record<string, unknown>>;

/** Carries out a batch, all or nothing or row by row, and makes its envelope. */
export function runBatch(call: Call, version: Version, batch: Batch): Reply {
  const startedAt = new Date(call.now).toISOString();
  if (call.switches.silentBatchFailure && batch.results === undefined) {
    return json(batch.whole, { status: 'COMPLETE', results: [], startedAt, completedAt: startedAt });
  }
  const results: ShownContact[] = [...(batch.results ?? [])];
  const errors: BatchError[] = [];
  const isPartial = !batch.needsTraceIds || hasDistinctTraceIds(batch.rows);
  if (isPartial) runEach(call, batch.rows, results, errors);
  else runAllOrNothing(call, batch.rows, results);
  const missing = missingError(batch.rows);
  if (missing !== undefined) errors.unshift(missing);
  if (call.switches.batchResultOrder === 'id') results.sort((a, b) => Number(a.id) - Number(b.id));
  return json(batchStatus(version, batch.whole, errors.length > 0, call.switches), {
    status: 'COMPLETE',
    results,
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt,
    completedAt: new Date(call.now).toISOString(),
  });
}

function runEach(call: Call, rows: readonly BatchRow[], results: ShownContact[], errors: BatchError[]): void {
  for (const row of rows) {
    if ('missingId' in row) continue;
    try {
      const write = row.check();
      results.push(row.show(applyWrite(call, write), write));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      errors.push(toRowError(error.reply.body as ErrorBody, row.objectWriteTraceId));
    }
  }
}

function runAllOrNothing(call: Call, rows: readonly BatchRow[], results: ShownContact[]): void {
  const checked = rows.flatMap((row) => ('missingId' in row ? [] : [{ row, write: row.check() }]));
  const claims = new Map<string, string>();
  for (const { write } of checked) {
    for (const { property, value, key } of claimsOf(call, write)) {
      const holderId = claims.get(key);
      if (holderId === undefined) claims.set(key, write.id);
      else if (property === 'email' && write.record === undefined) throw contactExists(holderId);
      else throw valueTaken({ portalId: call.portal.id, property, value, id: write.id, holderId });
    }
  }
  for (const { row, write } of checked) results.push(row.show(applyWrite(call, write), write));
}

function hasDistinctTraceIds(rows: readonly BatchRow[]): boolean {
  const traces = new Set(rows.map((row) => row.objectWriteTraceId));
  return traces.size === rows.length && !traces.has(undefined);
}

function toRowError(body: ErrorBody, traceId: string | undefined): BatchError {
  return {
    status: 'error',
    category: body.category ?? 'VALIDATION_ERROR',
    message: body.message,
    context: { ...body.context, ...(traceId === undefined ? {} : { objectWriteTraceId: [traceId] }) },
    ...(body.errors === undefined ? {} : { errors: body.errors }),
  };
}

/** All missing ids share one error (recorded). */
function missingError(rows: readonly BatchRow[]): BatchError | undefined {
  const missing = rows.filter((row) => 'missingId' in row);
  if (missing.length === 0) return undefined;
  const traces = missing.flatMap(({ objectWriteTraceId }) => objectWriteTraceId ?? []);
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message:
      'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
    context: {
      ids: missing.map(({ missingId }) => missingId),
      ...(traces.length === 0 ? {} : { objectWriteTraceId: traces }),
    },
  };
}
