import { z } from 'zod';
import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { CallResponse, DeliverContext, Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { typeIdOf } from '../records/object-types.ts';
import type { Settings } from '../settings.ts';
import { toFault } from '../vendor-error.ts';
import { listKey } from './member-input.ts';
import type { MemberInput, MemberOptions } from './member-input.ts';

export type ListContext = DeliverContext<Settings, MemberOptions>;
type Refusal = Extract<Outcome, { kind: 'rejected' | 'retry' }>;

// HubSpot gives the id as text in some answers and as a number in others.
const listSchema = z.object({
  list: z.object({
    listId: z.union([z.string(), z.number().transform(String)]),
    processingType: z.string(),
  }),
});
type List = z.output<typeof listSchema>['list'];

// A list may be deleted, or turned into an active one, at any time; both show by HubSpot's refusal, which drops it.
const TTL_MS = 1_800_000;

export interface FoundList {
  readonly id: string;
  readonly foundAtMs: number;
}

/** The list that inputs name, created when the flow says so; an outcome when it cannot be had. */
export function* findList(input: MemberInput, context: ListContext): Steps<FoundList | Refusal> {
  // Only this function writes under these keys.
  const cached = context.cache.get(cacheKey(input)) as FoundList | undefined;
  if (cached !== undefined) return cached;
  const response = yield* send({ method: 'GET', path: pathOf(input, context), accept: [404] });
  let list = response.status === 404 ? undefined : readList(response);
  if (response.status === 404) {
    if (!context.options.create || input.list.name === undefined) return unknown(input);
    const created = yield* createList(input.list.name, input, context);
    if ('kind' in created) return created;
    list = created;
  }
  if (list === undefined) return { kind: 'retry', fault: UNREADABLE };
  if (list.processingType === 'DYNAMIC') {
    const message =
      'The list is active in HubSpot: its filters decide who is in it, and nobody can be added or removed.';
    return { kind: 'rejected', fault: { code: 'hubspot.list_is_active', message } };
  }
  const found = { id: list.listId, foundAtMs: context.nowMs };
  context.cache.set(cacheKey(input), found, TTL_MS);
  return found;
}

export function forgetList(input: MemberInput, { cache }: ListContext): void {
  cache.delete(cacheKey(input));
}

function* createList(name: string, input: MemberInput, context: ListContext): Steps<List | Refusal> {
  const response = yield* send({
    method: 'POST',
    path: pathsOf(context.settings.api_version).lists,
    body: { name, objectTypeId: typeIdOf(input.member.type), processingType: 'MANUAL' },
    // A name that is taken is another worker's, who was first.
    accept: [400, 409],
  });
  if (response.status < 300) return readList(response) ?? { kind: 'retry', fault: UNREADABLE };
  const again = yield* send({ method: 'GET', path: pathOf(input, context), accept: [404] });
  const list = again.status === 404 ? undefined : readList(again);
  return list ?? { kind: 'rejected', fault: toFault(response.body, response.status) };
}

function pathOf({ list, member }: MemberInput, { settings }: ListContext): string {
  const base = pathsOf(settings.api_version).lists;
  return list.id === undefined
    ? `${base}/object-type-id/${encodeURIComponent(typeIdOf(member.type))}/name/${encodeURIComponent(list.name ?? '')}`
    : `${base}/${encodeURIComponent(list.id)}`;
}

function readList({ body }: CallResponse): List | undefined {
  const parsed = listSchema.safeParse(body);
  return parsed.success ? parsed.data.list : undefined;
}

function cacheKey(input: MemberInput): string {
  return `list:${listKey(input)}`;
}

function unknown({ list }: MemberInput): Refusal {
  const message =
    list.id === undefined
      ? 'HubSpot has no list of this name for records of this type, and the flow does not create any.'
      : 'HubSpot has no list of this id.';
  return { kind: 'rejected', fault: { code: 'hubspot.list_unknown', message } };
}

const UNREADABLE: Fault = {
  code: 'hubspot.unexpected_answer',
  message: 'HubSpot answered a question about a list in an unknown form.',
};
