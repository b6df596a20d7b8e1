import { empty, json } from '../../core/index.ts';
import type { EmulatorRequest } from '../../core/index.ts';
import { call } from '../caller.ts';
import type { MakeAsRoute } from '../caller.ts';
import { parse } from '../refusal.ts';
import { listSchema } from '../shapes.ts';
import type { SubscriberList } from '../shapes.ts';
import type { MakeAsState } from '../state.ts';

const PATH = '/subscriberlists';

export const listRoutes: readonly MakeAsRoute[] = [
  call('GET', PATH, (_request, state) =>
    json(
      200,
      [...state.lists.values()].map((list) => shown(list, state)),
    ),
  ),
  call('POST', PATH, (request, state) =>
    json(201, shown(state.addList(parse(listSchema, request.json()).title), state)),
  ),
  call('GET', `${PATH}/:id`, (request, state) => json(200, shown(state.list(request.param('id')), state))),
  call('PUT', `${PATH}/:id`, (request, state) => json(200, shown(rename(request, state), state))),
  call('PATCH', `${PATH}/:id`, (request, state) => json(200, shown(rename(request, state), state))),
  call('DELETE', `${PATH}/:id`, (request, state) => {
    const { id } = state.list(request.param('id'));
    state.lists.delete(id);
    for (const subscriber of state.subscribers.values())
      subscriber.lists = subscriber.lists.filter((listId) => listId !== id);
    return empty(204);
  }),
];

function rename(request: EmulatorRequest, state: MakeAsState): SubscriberList {
  const list = state.list(request.param('id'));
  list.title = parse(listSchema, request.json()).title;
  list.date_updated = state.now();
  return list;
}

/** The last two are counts. */
function shown(list: SubscriberList, state: MakeAsState): object {
  return {
    ...list,
    id: Number(list.id),
    subscriber_emails: state.countActive(list.id, 'email'),
    subscriber_sms: state.countActive(list.id, 'phone'),
  };
}
