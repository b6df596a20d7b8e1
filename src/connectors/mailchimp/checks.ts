import { isJsonObject } from '../../kernel/json.ts';
import { send, stringField } from '../../kit/index.ts';
import type { Check, CheckLine, Steps } from '../../kit/index.ts';
import { FIELDS_MAX, readFields } from './fields/catalogue.ts';
import { memberOptionsSchema } from './members/member-input.ts';
import { listPath } from './paths.ts';
import { subscribers } from './presets/subscribers.ts';
import { apiUrl } from './settings.ts';
import type { Settings } from './settings.ts';

type CheckContext = Parameters<Check<Settings>['run']>[0];

/** Whose key it is. */
const account: Check<Settings> = {
  title: 'Account',
  *run({ settings }: CheckContext): Steps<readonly CheckLine[]> {
    const response = yield* send({
      method: 'GET',
      path: '/3.0/',
      query: { fields: 'account_name' },
      accept: [401, 403],
    });
    const reachable = { ok: true, text: `API reachable at ${apiUrl(settings)}` };
    if (response.status >= 300) {
      const remedy =
        'Copy the whole key again, with the data centre behind its last hyphen, and leave base_url out.';
      return [reachable, { ok: false, text: `API key refused with ${String(response.status)}`, remedy }];
    }
    const name = stringField(response.body, 'account_name');
    return [
      reachable,
      name === undefined
        ? { ok: false, text: 'the answer is not that of Mailchimp', remedy: 'Check base_url.' }
        : { ok: true, text: `API key valid for ${name}` },
    ];
  },
};

/** Whether the audience is there, and how it takes new contacts. */
const audience: Check<Settings> = {
  title: 'Audience',
  *run({ settings }: CheckContext): Steps<readonly CheckLine[]> {
    const response = yield* send({
      method: 'GET',
      path: listPath(settings.list_id),
      query: { fields: 'name,double_optin' },
      accept: [404],
    });
    if (response.status === 404) {
      const remedy = 'Copy the Audience ID from Audience > Settings > Audience name and defaults.';
      return [{ ok: false, text: `There is no audience ${settings.list_id}`, remedy }];
    }
    const name = stringField(response.body, 'name') ?? settings.list_id;
    const status = settings.status_if_new;
    const isDouble = isJsonObject(response.body) && response.body['double_optin'] === true;
    const optIn =
      isDouble && status === 'subscribed'
        ? ': the audience has double opt-in, and by this status nobody is asked to confirm'
        : '';
    return [{ ok: true, text: `Audience ${name}; new contacts are ${status}${optIn}` }];
  },
};

/** Whether the merge fields of the preset are there or can be made. */
const mergeFields: Check<Settings> = {
  title: 'Merge fields',
  *run({ settings, flows }: CheckContext): Steps<readonly CheckLine[]> {
    if (!flows.some(({ preset }) => preset.id === subscribers.id)) return [];
    const fields = yield* readFields(settings.list_id);
    if (fields === undefined) {
      return [{ ok: false, text: 'Merge fields cannot be read', remedy: 'Check base_url.' }];
    }
    const wanted = memberOptionsSchema.parse(subscribers.options).ensure.map(({ tag }) => tag);
    const missing = wanted.filter((tag) => !fields.has(tag));
    // EMAIL counts too, and is in no list.
    const count = fields.size + 1;
    if (missing.length === 0) return [{ ok: true, text: `Merge fields present (${String(count)} in all)` }];
    const after = count + missing.length;
    const { ordinary, premium } = FIELDS_MAX;
    if (after <= ordinary) {
      return [{ ok: true, text: `Merge fields to be made when first needed: ${missing.join(', ')}` }];
    }
    return [
      {
        ok: false,
        text: `Merge fields missing: ${missing.join(', ')}. With them the audience would have ${String(after)}, and Mailchimp allows ${String(ordinary)}, or ${String(premium)} with Premium`,
        remedy:
          'Delete merge fields that you do not use. Until then the fields that cannot be made are left out, and deliveries say which; with Premium they are made.',
      },
    ];
  },
};

/** What `connectors test` asks, in this order. */
export const checks: readonly Check<Settings>[] = [account, audience, mergeFields];
