import { z } from 'zod';
import { empty, json } from '../../core/index.ts';
import { call, page } from '../access.ts';
import type { ApiCall } from '../access.ts';
import { parse } from '../problem.ts';

// What Mailchimp bounds a tag to is not documented; 100 characters are inferred from one that took 99 (2026-11).
const TAG_LENGTH_MAX = 100;

const tagsBody = z.strictObject({
  tags: z.array(
    z.strictObject({
      name: z.string().min(1).max(TAG_LENGTH_MAX, 'Tag names may have at most 100 characters.'),
      status: z.enum(['active', 'inactive']),
    }),
  ),
  is_syncing: z.boolean().optional(),
});

// "The name for this type of event. Must be 2-30 characters in length": list member events, read 2026-11.
const eventBody = z.strictObject({
  name: z.string().min(2, 'The name must be 2-30 characters.').max(30, 'The name must be 2-30 characters.'),
  properties: z.record(z.string(), z.string()).optional(),
  occurred_at: z.iso.datetime({ offset: true, message: 'The value is not a date-time.' }).optional(),
  is_syncing: z.boolean().optional(),
});

const MEMBER = '/lists/:list/members/:hash';

/** Tags and events of one member. */
export const activityRoutes: readonly ApiCall[] = [
  call('GET', `${MEMBER}/tags`, (request, state) => {
    const audience = state.audience(request.param('list'));
    const { tags } = audience.member(request.param('hash'));
    const list = [...tags].map(([name, date_added]) => ({
      id: audience.tagIds.get(name) ?? 0,
      name,
      date_added,
    }));
    return json(200, page(request, 'tags', list));
  }),
  call('POST', `${MEMBER}/tags`, (request, state) => {
    const audience = state.audience(request.param('list'));
    const member = audience.member(request.param('hash'));
    for (const { name, status } of parse(tagsBody, request.json()).tags) {
      audience.setTags(member, [name], status === 'active', state.now());
    }
    return empty(204);
  }),
  call('GET', `${MEMBER}/events`, (request, state) => {
    const { events } = state.audience(request.param('list')).member(request.param('hash'));
    return json(200, page(request, 'events', newestFirst(events)));
  }),
  call('POST', `${MEMBER}/events`, (request, state) => {
    const member = state.audience(request.param('list')).member(request.param('hash'));
    const { name, properties = {}, occurred_at = state.now() } = parse(eventBody, request.json());
    // A repetition is an event of its own: the vendor knows no id of it.
    member.events.push({ name, properties, occurred_at });
    return empty(204);
  }),
  call('GET', `${MEMBER}/activity-feed`, (request, state) => {
    const audience = state.audience(request.param('list'));
    const { hash, events } = audience.member(request.param('hash'));
    const wanted = (request.query.get('activity_filters') ?? 'event').split(',');
    const activity = wanted.includes('event')
      ? newestFirst(events).map(({ name, occurred_at, properties }) => ({
          activity_type: 'event',
          created_at_timestamp: occurred_at,
          event_name: name,
          event_properties: properties,
        }))
      : [];
    return json(200, { ...page(request, 'activity', activity), email_id: hash, list_id: audience.id });
  }),
];

function newestFirst<Dated extends { readonly occurred_at: string }>(
  events: readonly Dated[],
): readonly Dated[] {
  return events.toSorted((a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at));
}
