import { z } from 'zod';
import { seedPart } from '../core/index.ts';
import type { Audience } from './audience.ts';
import { STATUSES, showMember, subscriberHash } from './member.ts';
import { createMember, memberBody } from './member-writes.ts';
import { newMergeField } from './routes/lists.ts';
import { DEFAULT_LIST } from './state.ts';
import type { MailchimpState } from './state.ts';

const text = z.string().min(1);

const seededMember = memberBody.extend({
  email_address: text,
  status: z.enum([...STATUSES, 'archived']).default('subscribed'),
  tags: z.array(text).default([]),
  events: z
    .array(
      z.strictObject({ name: text, occurred_at: text, properties: z.record(text, z.string()).default({}) }),
    )
    .default([]),
});

/** What a seed may hold; it adds to what is there. */
export const seedSchema = z.strictObject({
  /** Of the account; keys that end in another are refused. */
  dataCenter: z
    .string()
    .regex(/^[a-z]+\d+$/)
    .optional(),
  keys: z.array(text).optional(),
  fakeDomains: z.array(text).optional(),
  switches: z
    .strictObject({
      batchStatus: z.enum(['optional', 'required']).optional(),
      batchAnswer: z.enum(['whole', 'without_tags']).optional(),
      areExamplesFake: z.boolean().optional(),
    })
    .optional(),
  lists: z
    .array(
      z.strictObject({
        id: text.default(DEFAULT_LIST),
        name: text.default('Readers'),
        doubleOptIn: z.boolean().optional(),
        mergeFields: z.array(newMergeField).default([]),
        members: z.array(seededMember).default([]),
        /** Addresses that were deleted for good. */
        forgotten: z.array(text).default([]),
        /** Addresses that Mailchimp does not take as subscribed. */
        compliance: z.array(text).default([]),
      }),
    )
    .optional(),
});
type ListSeed = NonNullable<z.output<typeof seedSchema>['lists']>[number];

export function applySeed(state: MailchimpState, seed: z.output<typeof seedSchema>): void {
  state.dataCenter = seed.dataCenter ?? state.dataCenter;
  for (const key of seed.keys ?? []) state.keys.add(key);
  state.fakeDomains = seed.fakeDomains ?? state.fakeDomains;
  const { batchStatus, batchAnswer, areExamplesFake } = seed.switches ?? {};
  state.switches.batchStatus = batchStatus ?? state.switches.batchStatus;
  state.switches.batchAnswer = batchAnswer ?? state.switches.batchAnswer;
  state.switches.areExamplesFake = areExamplesFake ?? state.switches.areExamplesFake;
  for (const [index, list] of (seed.lists ?? []).entries()) {
    seedPart(['lists', index], () => applyList(state, list));
  }
}

function applyList(state: MailchimpState, list: ListSeed): void {
  const audience = state.addAudience(list.id, list.name);
  audience.isDoubleOptIn = list.doubleOptIn ?? audience.isDoubleOptIn;
  for (const field of list.mergeFields) {
    if (field.tag === undefined || !audience.mergeFields.has(field.tag)) {
      audience.addMergeField(field, state.limits.mergeFields);
    }
  }
  for (const [index, member] of list.members.entries()) {
    seedPart(['members', index], () => addMember(state, audience, member));
  }
  for (const email of list.forgotten) {
    audience.forgotten.add(subscriberHash(email));
    audience.members.delete(subscriberHash(email));
  }
  for (const email of list.compliance) audience.inCompliance.add(subscriberHash(email));
}

function addMember(state: MailchimpState, audience: Audience, given: z.output<typeof seededMember>): void {
  const { status, tags, events, ...body } = given;
  // What an import brings in need not pass the checks of a sign-up.
  const context = { state, audience, isMergeLax: true };
  const member = createMember(
    given.email_address,
    { ...body, status_if_new: 'transactional', status: undefined },
    context,
  );
  member.status = status;
  audience.setTags(member, tags, true, state.now());
  member.events.push(...events);
}

/** The account; `?list=…` narrows it to one audience, `?email=…` to one person. */
export function showState(state: MailchimpState, query: URLSearchParams): unknown {
  const wanted = query.get('list');
  const email = query.get('email');
  const lists = [...state.audiences.values()].filter(({ id }) => wanted === null || wanted === id);
  return {
    dataCenter: state.dataCenter,
    connections: { open: state.openConnections, most: state.connectionsMost },
    lists: lists.map((audience) => ({
      id: audience.id,
      name: audience.name,
      merge_fields: [...audience.mergeFields.values()].map(({ tag, name, type }) => ({ tag, name, type })),
      members: [...audience.members.values()]
        .filter((member) => email === null || member.hash === subscriberHash(email))
        .map((member) => ({
          ...showMember(member, { listId: audience.id, tagIds: audience.tagIds }),
          // All of them, where the API shows fifty.
          tags: [...member.tags.keys()],
          events: member.events,
        })),
      forgotten: [...audience.forgotten],
    })),
  };
}
