import { json, Refused } from '../../core/index.ts';
import type { Reply } from '../../core/index.ts';
import { recordExists, valueTaken } from '../errors.ts';
import type { ErrorBody } from '../errors.ts';
import { batchStatus } from '../versions.ts';
import type { ObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import type { ShownRecord } from './show-record.ts';
import { applyWrite, claimsOf } from './write-record.ts';
import type { CheckedWrite } from './write-record.ts';

/** One input of a batch: a write, or an id that leads nowhere. */
export type BatchRow =
  | {
      readonly objectWriteTraceId?: string;
      check(): CheckedWrite;
      show(record: ObjectRecord, write: CheckedWrite): ShownRecord;
    }
  | { readonly objectWriteTraceId?: string; readonly missingId: string };

interface Batch {
  /** The status when every input was carried out. */
  readonly whole: 200 | 201;
  readonly rows: readonly BatchRow[];
  /** Whether a single bad input is only spared the others when every input has a trace id of its own. */
  readonly needsTraceIds: boolean;
  /** What a read has found already. */
  readonly results?: readonly ShownRecord[];
}

type BatchError = Readonly<Record<string, unknown>>;

/** Carries out a batch, all or nothing or row by row, and makes its envelope. */
export function runBatch(call: ObjectCall, batch: Batch): Reply {
  const startedAt = new Date(call.now).toISOString();
  if (call.switches.silentBatchFailure && batch.results === undefined) {
    return json(batch.whole, { status: 'COMPLETE', results: [], startedAt, completedAt: startedAt });
  }
  const results: ShownRecord[] = [...(batch.results ?? [])];
  const errors: BatchError[] = [];
  const isPartial = !batch.needsTraceIds || hasDistinctTraceIds(batch.rows);
  if (isPartial) runEach(call, batch.rows, results, errors);
  else runAllOrNothing(call, batch.rows, results);
  const missing = missingError(call, batch.rows);
  if (missing !== undefined) errors.unshift(missing);
  if (call.switches.batchResultOrder === 'id') results.sort((a, b) => Number(a.id) - Number(b.id));
  return json(batchStatus(call.version, batch.whole, errors.length > 0, call.switches), {
    status: 'COMPLETE',
    results,
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt,
    completedAt: new Date(call.now).toISOString(),
  });
}

function runEach(
  call: ObjectCall,
  rows: readonly BatchRow[],
  results: ShownRecord[],
  errors: BatchError[],
): void {
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

function runAllOrNothing(call: ObjectCall, rows: readonly BatchRow[], results: ShownRecord[]): void {
  const checked = rows.flatMap((row) => ('missingId' in row ? [] : [{ row, write: row.check() }]));
  const claims = new Map<string, string>();
  for (const { write } of checked) {
    for (const { property, value, key } of claimsOf(call, write)) {
      const holderId = claims.get(key);
      if (holderId === undefined) claims.set(key, write.id);
      else if (property === 'email' && write.record === undefined) throw recordExists(call.type, holderId);
      else
        throw valueTaken({
          portalId: call.portal.id,
          type: call.type,
          property,
          value,
          id: write.id,
          holderId,
        });
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
function missingError({ type }: ObjectCall, rows: readonly BatchRow[]): BatchError | undefined {
  const missing = rows.filter((row) => 'missingId' in row);
  if (missing.length === 0) return undefined;
  const traces = missing.flatMap(({ objectWriteTraceId }) => objectWriteTraceId ?? []);
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${type.messageName} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: {
      ids: missing.map(({ missingId }) => missingId),
      ...(traces.length === 0 ? {} : { objectWriteTraceId: traces }),
    },
  };
}
