import { z } from 'zod';
import { empty, json, Refused } from '../../core/index.ts';
import type { EmulatorRequest } from '../../core/index.ts';
import { call, page } from '../access.ts';
import type { ApiCall } from '../access.ts';
import type { Audience } from '../audience.ts';
import { STATUSES, subscriberHash, showMember } from '../member.ts';
import type { Member } from '../member.ts';
import { changeMember, createMember, memberBody } from '../member-writes.ts';
import type { MemberBody, WriteContext } from '../member-writes.ts';
import { invalidFields, parse, problem } from '../problem.ts';
import type { MailchimpState } from '../state.ts';

const tagNames = z.array(z.string().min(1));
const createBody = memberBody.extend({
  email_address: z.string(),
  status: z.enum(STATUSES),
  tags: tagNames.optional(),
});
// `tags` may be given on creation alone; `transactional` is no status to change to by PATCH.
const putBody = memberBody.extend({ email_address: z.string(), tags: z.undefined().optional() });
const patchBody = memberBody.extend({
  status: z.enum(STATUSES).exclude(['transactional']).optional(),
  tags: z.undefined().optional(),
});

export const memberRoutes: readonly ApiCall[] = [
  call('GET', '/lists/:list/members', (request, state) => {
    const audience = state.audience(request.param('list'));
    const status = request.query.get('status');
    const found = [...audience.members.values()].filter((member) =>
      status === null ? member.status !== 'archived' : member.status === status,
    );
    return json(200, {
      ...page(
        request,
        'members',
        found.map((member) => shown(member, audience)),
      ),
      list_id: audience.id,
    });
  }),
  call('POST', '/lists/:list/members', (request, state) => {
    const context = contextOf(request, state);
    const { tags = [], ...body } = parse(createBody, request.json());
    if (context.audience.find(body.email_address) !== undefined) throw memberExists(body.email_address);
    const member = createMember(body.email_address, body, context);
    context.audience.setTags(member, tags, true, state.now());
    return json(200, shown(member, context.audience));
  }),
  call('GET', '/lists/:list/members/:hash', (request, state) => {
    const audience = state.audience(request.param('list'));
    return json(200, shown(audience.member(request.param('hash')), audience));
  }),
  call('PUT', '/lists/:list/members/:hash', (request, state) => {
    const context = contextOf(request, state);
    const body = parse(putBody, request.json());
    const known = context.audience.find(request.param('hash'));
    if (known !== undefined)
      return json(200, shown(rename(changeMember(known, body, context), body, context), context.audience));
    return json(200, shown(create(request, body, context), context.audience));
  }),
  call('PATCH', '/lists/:list/members/:hash', (request, state) => {
    const context = contextOf(request, state);
    const body = parse(patchBody, request.json());
    const member = changeMember(context.audience.member(request.param('hash')), body, context);
    return json(200, shown(rename(member, body, context), context.audience));
  }),
  call('DELETE', '/lists/:list/members/:hash', (request, state) => {
    const member = state.audience(request.param('list')).member(request.param('hash'));
    if (member.status === 'archived') {
      throw new Refused(
        problem(405, 'Method Not Allowed', 'This list member cannot be removed. Please contact support.'),
      );
    }
    member.status = 'archived';
    return empty(204);
  }),
  call('POST', '/lists/:list/members/:hash/actions/delete-permanent', (request, state) => {
    const audience = state.audience(request.param('list'));
    const { hash } = audience.member(request.param('hash'));
    audience.members.delete(hash);
    audience.forgotten.add(hash);
    return empty(204);
  }),
];

/** A PUT names the contact twice; the vendor takes the body's address, and the path must not be another's. */
function create(request: EmulatorRequest, body: z.output<typeof putBody>, context: WriteContext): Member {
  const key = request.param('hash').toLowerCase();
  if (key !== subscriberHash(body.email_address) && key !== body.email_address.toLowerCase()) {
    throw new Refused(
      invalidFields([
        { field: 'email_address', message: 'The address does not belong to the subscriber hash.' },
      ]),
    );
  }
  return createMember(
    body.email_address,
    { ...body, status: undefined, status_if_new: newStatus(body) },
    context,
  );
}

function newStatus({ status, status_if_new }: MemberBody): MemberBody['status'] {
  return status ?? status_if_new;
}

/** A contact whose address changes is found by the new one from then on. */
function rename(member: Member, { email_address }: MemberBody, { audience }: WriteContext): Member {
  const hash = email_address === undefined ? member.hash : subscriberHash(email_address);
  if (email_address === undefined || hash === member.hash) return member;
  if (audience.members.has(hash)) throw memberExists(email_address);
  const renamed: Member = { ...member, hash, email: email_address };
  audience.members.delete(member.hash);
  audience.members.set(hash, renamed);
  return renamed;
}

function memberExists(email: string): Refused {
  return new Refused(
    problem(
      400,
      'Member Exists',
      `${email} is already a list member. Use PUT to insert or update list members.`,
    ),
  );
}

function contextOf(request: EmulatorRequest, state: MailchimpState): WriteContext {
  return {
    state,
    audience: state.audience(request.param('list')),
    isMergeLax: request.query.get('skip_merge_validation') === 'true',
  };
}

function shown(member: Member, audience: Audience): ReturnType<typeof showMember> {
  return showMember(member, { listId: audience.id, tagIds: audience.tagIds });
}
