import { send, stringField } from '../../kit/index.ts';
import type { Check, CheckLine, Steps } from '../../kit/index.ts';
import { ACCOUNT_PATH, LISTS_PATH } from './paths.ts';
import type { Settings } from './settings.ts';

const NEW_TOKEN = 'Make a new access token in Mailmojo with the scopes contacts, lists and subscribe.';

/** Whose account the token opens, and whether the list is one of it. */
export const account: Check<Settings> = {
  title: 'Account',
  *run({ settings }) {
    const { status, body } = yield* send({ method: 'GET', path: ACCOUNT_PATH, accept: [401, 403] });
    if (status === 401) return [{ ok: false, text: 'The access token is refused', remedy: NEW_TOKEN }];
    // Reading the account needs a scope that syncing does not.
    if (status === 403) return [yield* listLine(settings)];
    const name = stringField(body, 'name') ?? stringField(body, 'username');
    if (name === undefined) {
      const text = `${settings.base_url} answers something else than Mailmojo does`;
      return [{ ok: false, text, remedy: 'Check base_url.' }];
    }
    return [{ ok: true, text: `Token valid for the account of ${name}` }, yield* listLine(settings)];
  },
};

function* listLine({ list_id }: Settings): Steps<CheckLine> {
  const path = `${LISTS_PATH}${list_id}/`;
  const { status, body } = yield* send({ method: 'GET', path, accept: [401, 403, 404] });
  if (status === 404) {
    return { ok: false, text: `There is no list ${list_id}`, remedy: 'Set list_id to the number of a list.' };
  }
  if (status >= 300) return { ok: false, text: 'The token may not read lists', remedy: NEW_TOKEN };
  const name = stringField(body, 'name');
  return name === undefined
    ? { ok: false, text: `List ${list_id} cannot be read`, remedy: 'Check base_url.' }
    : { ok: true, text: `Subscribers go to the list ${name}` };
}
