import { send } from '../../kit/index.ts';
import type { Check } from '../../kit/index.ts';
import type { RuleSettings } from './settings.ts';

/** One harmless read tells whether the key is good and how much of the allowance is used. */
export const account: Check<RuleSettings> = {
  title: 'Account',
  *run({ settings }) {
    const { status, headers, body } = yield* send({
      method: 'GET',
      path: '/api/v3/sender/details',
      accept: [401, 403],
    });
    if (status >= 300) {
      return [
        {
          ok: false,
          text: 'The API key is refused',
          remedy: 'Copy it again from Settings > API in Rule, or make a new one.',
        },
      ];
    }
    if (typeof body === 'string') {
      return [{ ok: false, text: `${settings.base_url} is not Rule`, remedy: 'Check base_url.' }];
    }
    const key = {
      ok: true,
      text: `API key valid at ${settings.base_url}; subscribers go by ${settings.api_version}`,
    };
    const allowed = Number(headers['requestscount-allowed']);
    if (Number.isNaN(allowed)) return [key];
    const use = `Rule allows ${String(allowed)} calls in ten minutes`;
    return [
      key,
      allowed < settings.calls_per_ten_minutes
        ? {
            ok: false,
            text: `${use}, and calls_per_ten_minutes says ${String(settings.calls_per_ten_minutes)}`,
            remedy: `Set calls_per_ten_minutes to ${String(allowed)}.`,
          }
        : { ok: true, text: `${use}, ${headers['requestscount-current'] ?? 'an unknown number'} used` },
    ];
  },
};
