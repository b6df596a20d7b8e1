import { send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { readVendorError } from '../vendor-error.ts';
import type { RecordContext } from './record-context.ts';
import { settleBatch, toVerdict } from './settle-batch.ts';
import type { Entry, Verdict } from './settle-batch.ts';

export type WriteKind = 'upsert' | 'update' | 'create';

/**
 * Writes up to 100 records in one call, and returns what became of each by trace id. HubSpot refuses some
 * calls whole for one bad entry; then the halves are tried, until the bad one stands alone. This happens
 * here and not in the engine because only here the refusal can tell the record to turn to instead, and
 * because the halves need no second read.
 */
export function* writeRecords(
  kind: WriteKind,
  /** All found by the same property: HubSpot takes one per call. */
  entries: readonly Entry[],
  context: RecordContext,
  /** Codes of a whole call's refusal for which looking for the bad entry is no use. */
  isHopeless: (code: string | undefined) => boolean = () => false,
): Steps<ReadonlyMap<string, Verdict>> {
  if (entries.length === 0) return new Map();
  const response = yield* send({
    method: 'POST',
    path: `${pathsOf(context.settings.api_version).objects(context.type)}/batch/${kind}`,
    body: { inputs: entries.map((entry) => toInput(kind, entry)) },
    accept: [400, 404, 409],
  });
  if (response.status < 300) {
    const { verdicts, unclear } = settleBatch(response.body, entries);
    if (unclear.length === 0) return verdicts;
    return new Map([...verdicts, ...(yield* writeHalves(kind, unclear, context, isHopeless))]);
  }
  const verdict = toVerdict(response.body, response.status);
  if (entries.length === 1 || isHopeless(readVendorError(response.body).code)) {
    return new Map(entries.map(({ traceId }) => [traceId, verdict]));
  }
  return yield* writeHalves(kind, entries, context, isHopeless);
}

function* writeHalves(
  kind: WriteKind,
  entries: readonly Entry[],
  context: RecordContext,
  isHopeless: (code: string | undefined) => boolean,
): Steps<ReadonlyMap<string, Verdict>> {
  const middle = Math.ceil(entries.length / 2);
  const first = yield* writeRecords(kind, entries.slice(0, middle), context, isHopeless);
  const second = yield* writeRecords(kind, entries.slice(middle), context, isHopeless);
  return new Map([...first, ...second]);
}

// An upsert wants its key among the properties too: HubSpot calls a partial upsert by e-mail unsupported
// (developers.hubspot.com, contacts guide, "Upsert contacts", read 2026-11). Trace ids, all different, make
// HubSpot settle each entry on its own.
function toInput(kind: WriteKind, { traceId, by, value, properties }: Entry) {
  switch (kind) {
    case 'upsert':
      return {
        id: value,
        idProperty: by,
        objectWriteTraceId: traceId,
        properties: { ...properties, [by]: value },
      };
    case 'update':
      return { id: value, objectWriteTraceId: traceId, properties };
    case 'create':
      return { objectWriteTraceId: traceId, properties: { ...properties, [by]: value } };
  }
}
