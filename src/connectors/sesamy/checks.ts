import { send } from '../../kit/index.ts';
import type { Check } from '../../kit/index.ts';
import { readPage } from './api.ts';
import { tokenUrl } from './settings.ts';
import type { SesamySettings } from './settings.ts';

/** One read tells both: the engine gets a token before it sends anything. */
export const canReadUsers: Check<SesamySettings> = {
  title: 'Management API',
  *run({ settings }) {
    const { status, body } = yield* send({
      method: 'GET',
      path: '/management/users',
      query: { limit: '1' },
      accept: [401, 403, 404],
    });
    if (status === 401) {
      return [
        {
          ok: false,
          text: `${settings.api_url} refuses the token of ${tokenUrl(settings)}`,
          remedy:
            'Check client_id, client_secret and that token_url belongs to the same environment as api_url.',
        },
      ];
    }
    const token = { ok: true, text: `access token obtained from ${tokenUrl(settings)}` };
    if (status === 403) {
      return [
        token,
        {
          ok: false,
          text: 'users may not be read',
          remedy: 'Give the application the Management API in Settings > API.',
        },
      ];
    }
    if (status === 404 || readPage(body, 0) === undefined) {
      return [
        token,
        { ok: false, text: `${settings.api_url}/management/users answers no list`, remedy: 'Check api_url.' },
      ];
    }
    return [token, { ok: true, text: `users can be read at ${settings.api_url}` }];
  },
};
