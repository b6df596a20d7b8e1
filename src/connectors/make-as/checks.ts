import { send } from '../../kit/index.ts';
import type { Check, CheckLine, Steps } from '../../kit/index.ts';
import { API, readLists } from './api.ts';
import type { Settings } from './settings.ts';

/** One read tells whether the credentials hold and the list is there; it changes nothing. */
export const listIsThere: Check<Settings> = {
  title: 'Subscriber list',
  *run({ settings }): Steps<readonly CheckLine[]> {
    const response = yield* send({ method: 'GET', path: `${API}/subscriberlists`, accept: [401, 403] });
    if (response.status === 401 || response.status === 403) {
      return [
        {
          ok: false,
          text: `Make.as refuses the user id and the API key (${String(response.status)})`,
          remedy: 'Copy user_id and api_key again from the API settings of the account.',
        },
      ];
    }
    const lists = readLists(response);
    if (lists === undefined) {
      return [
        { ok: false, text: `${settings.base_url} answers no subscriber lists`, remedy: 'Check base_url.' },
      ];
    }
    const accepted: CheckLine = { ok: true, text: `credentials accepted at ${settings.base_url}` };
    const list = lists.find(({ id }) => id === settings.list_id);
    if (list === undefined) {
      const known = lists.map(({ id, title }) => `${id} (${title})`).join(', ');
      return [
        accepted,
        {
          ok: false,
          text: `there is no subscriber list ${settings.list_id}`,
          remedy: known === '' ? 'Make a list first.' : `Set list_id to one of ${known}.`,
        },
      ];
    }
    return [accepted, { ok: true, text: `subscriber list ${list.id}: ${list.title}` }];
  },
};
