import { isJsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import type { Partly } from '../in-halves.ts';
import { pathsOf } from '../paths.ts';
import type { Settings } from '../settings.ts';
import { listOf } from '../vendor-answer.ts';
import { contextStrings, readVendorError, toFault } from '../vendor-error.ts';
import type { Draft } from './engagement-draft.ts';

export interface Where {
  readonly settings: Settings;
  readonly objectType: string;
  /** The unique property that holds the key, if the flow uses one. */
  readonly keyProperty: string | null;
}

export type Written =
  | { readonly kind: 'created'; readonly id: string | undefined }
  /** It was there already: an earlier attempt, or a replay of the same event, created it. */
  | { readonly kind: 'there'; readonly id: string }
  | {
      /** `taken`: another record has one of its unique values. */
      readonly kind: 'failed' | 'taken';
      readonly outcome: Extract<Outcome, { kind: 'rejected' | 'retry' }>;
      readonly code: string | undefined;
    };

/** Creates up to 100 engagements of one type, with their associations, in one call. */
export function* createBatch(drafts: readonly Draft[], where: Where): Steps<Partly<Draft, Written>> {
  const response = yield* send({
    method: 'POST',
    path: `${pathsOf(where.settings.api_version).objects(where.objectType)}/batch/create`,
    body: {
      inputs: drafts.map(({ item, properties, associations }) => ({
        properties,
        associations,
        objectWriteTraceId: item.traceId,
      })),
    },
    accept: [400, 404, 409],
  });
  const { status, body } = response;
  if (status >= 300) return yield* settleRefusal(drafts, body, status, where);
  const { settled, unclear } = settleAnswer(drafts, body, where);
  const taken = [...settled].flatMap(([draft, written]) => (written.kind === 'taken' ? [draft] : []));
  return { settled: new Map([...settled, ...(yield* readByKey(taken, where))]), unclear };
}

/** The engagements that are there already, by their keys. */
export function* readByKey(drafts: readonly Draft[], where: Where): Steps<ReadonlyMap<Draft, Written>> {
  const { keyProperty, settings, objectType } = where;
  if (keyProperty === null || drafts.length === 0) return new Map();
  const { body } = yield* send({
    method: 'POST',
    path: `${pathsOf(settings.api_version).objects(objectType)}/batch/read`,
    body: {
      inputs: drafts.map(({ item }) => ({ id: item.input.key })),
      idProperty: keyProperty,
      properties: [keyProperty],
    },
  });
  const ids = idsByKey(listOf(body, 'results'), keyProperty);
  return new Map(
    drafts.flatMap((draft): [Draft, Written][] => {
      const id = ids.get(draft.item.input.key);
      return id === undefined ? [] : [[draft, { kind: 'there', id }]];
    }),
  );
}

/** A create that meets a key which is taken is refused whole and names one of them; a read tells them all. */
function* settleRefusal(
  drafts: readonly Draft[],
  body: unknown,
  status: number,
  where: Where,
): Steps<Partly<Draft, Written>> {
  const there = isConflict(body, status) ? yield* readByKey(drafts, where) : new Map<Draft, Written>();
  const open = drafts.filter((draft) => !there.has(draft));
  const [only] = open;
  if (drafts.length > 1 || only === undefined) return { settled: there, unclear: open };
  return { settled: new Map([[only, failed(body, status)]]), unclear: [] };
}

function isConflict(body: unknown, status: number | undefined): boolean {
  return (
    status === 409 ||
    readVendorError(body).code === 'CONFLICTING_UNIQUE_VALUE' ||
    / already has that value\.?$/.test(stringField(body, 'message') ?? '')
  );
}

function settleAnswer(
  drafts: readonly Draft[],
  body: unknown,
  { keyProperty }: Where,
): Partly<Draft, Written> {
  const settled = new Map<Draft, Written>();
  const results = listOf(body, 'results');
  const errors = listOf(body, 'errors');
  const byTrace = new Map(drafts.map((draft) => [draft.item.traceId, draft]));
  const byKey = keyProperty === null ? new Map<string, string>() : idsByKey(results, keyProperty);
  for (const result of results) {
    const draft = byTrace.get(stringField(result, 'objectWriteTraceId') ?? '');
    if (draft !== undefined) settled.set(draft, { kind: 'created', id: stringField(result, 'id') });
  }
  for (const draft of drafts) {
    const id = byKey.get(draft.item.input.key);
    if (id !== undefined && !settled.has(draft)) settled.set(draft, { kind: 'created', id });
  }
  let unnamed: unknown;
  for (const error of errors) {
    const concerned = contextStrings(error, 'objectWriteTraceId').flatMap((id) => byTrace.get(id) ?? []);
    for (const draft of concerned) settled.set(draft, failed(error));
    if (concerned.length === 0) unnamed = error;
  }
  const open = drafts.filter((draft) => !settled.has(draft));
  if (unnamed !== undefined && open.length > 1) return { settled, unclear: open };
  // Without trace ids in the answer the number of results still says whether all are there.
  const areAllThere = errors.length === 0 && results.length === drafts.length;
  for (const draft of open) {
    const verdict: Written = areAllThere ? { kind: 'created', id: undefined } : SILENT;
    settled.set(draft, unnamed === undefined ? verdict : failed(unnamed));
  }
  return { settled, unclear: [] };
}

function idsByKey(results: readonly unknown[], keyProperty: string): ReadonlyMap<string, string> {
  return new Map(
    results.flatMap((result): [string, string][] => {
      const id = stringField(result, 'id');
      const key = isJsonObject(result) ? stringField(result['properties'], keyProperty) : undefined;
      return id === undefined || key === undefined ? [] : [[key, id]];
    }),
  );
}

// Of one row: trouble of HubSpot's, not of the engagement.
const TRANSIENT = new Set(['RATE_LIMITS', 'RATE_LIMIT', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'CONFLICT']);

function failed(error: unknown, status?: number): Written {
  const { code } = readVendorError(error);
  const isTransient = status === 409 || (code !== undefined && TRANSIENT.has(code));
  return {
    kind: isConflict(error, status) ? 'taken' : 'failed',
    outcome: { kind: isTransient ? 'retry' : 'rejected', fault: toFault(error, status) },
    code,
  };
}

const SILENT: Written = {
  kind: 'failed',
  outcome: {
    kind: 'rejected',
    fault: {
      code: 'hubspot.item_missing',
      message: 'HubSpot accepted the call, but its answer lacks this engagement.',
    },
  },
  code: undefined,
};
