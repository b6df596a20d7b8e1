import { empty, json } from '../../core/index.ts';
import { call } from '../caller.ts';
import type { MakeAsRoute } from '../caller.ts';
import { parse, refuseCall } from '../refusal.ts';
import { customFieldSchema, tagSchema } from '../shapes.ts';
import type { CustomField, Tag } from '../shapes.ts';
import type { MakeAsState } from '../state.ts';

/** What an account has besides lists and subscribers: custom fields, whose keys are EXTRA1 and on, and tags. */
export const accountRoutes: readonly MakeAsRoute[] = [
  call('GET', '/custom_fields', (_request, state) => json(200, [...state.customFields.values()])),
  call('POST', '/custom_fields', (request, state) =>
    json(201, state.addCustomField(parse(customFieldSchema, request.json()))),
  ),
  call('GET', '/custom_fields/:id', (request, state) => json(200, fieldOf(state, request.param('id')))),
  call('DELETE', '/custom_fields/:id', (request, state) => {
    state.customFields.delete(fieldOf(state, request.param('id')).id);
    return empty(204);
  }),
  call('GET', '/subscriber_tags', (_request, state) => json(200, [...state.tags.values()])),
  call('POST', '/subscriber_tags', (request, state) =>
    json(201, state.tag(parse(tagSchema, request.json()).title)),
  ),
  call('GET', '/subscriber_tags/:id', (request, state) => json(200, tagOf(state, request.param('id')))),
  call('DELETE', '/subscriber_tags/:id', (request, state) => {
    const { id, title } = tagOf(state, request.param('id'));
    state.tags.delete(id);
    for (const subscriber of state.subscribers.values())
      subscriber.tags = subscriber.tags.filter((tag) => tag !== title);
    return empty(204);
  }),
];

function fieldOf(state: MakeAsState, id: string): CustomField {
  return state.customFields.get(Number(id)) ?? refuseCall(404, 'Custom field not found.');
}

function tagOf(state: MakeAsState, id: string): Tag {
  return state.tags.get(Number(id)) ?? refuseCall(404, 'Tag not found.');
}
