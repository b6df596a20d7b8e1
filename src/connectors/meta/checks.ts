import { send, stringField } from '../../kit/index.ts';
import type { Check } from '../../kit/index.ts';
import type { Settings } from './settings.ts';
import { readVendorError } from './vendor-error.ts';

/** Reads the dataset: one call tells whether the token is valid and whether the dataset is its own. */
export const dataset: Check<Settings> = {
  title: 'Dataset',
  *run({ settings }) {
    const { pixel_id, api_version, test_event_code } = settings;
    const { status, body } = yield* send({
      method: 'GET',
      path: `/${api_version}/${pixel_id}`,
      query: { fields: 'id,name' },
      accept: [400, 401, 403, 404],
    });
    if (status >= 300) {
      const { code, subcode } = readVendorError(body) ?? {};
      if (status === 401 || code === 190) {
        const remedy = 'Make a new token in Events Manager, Settings, Conversions API.';
        return [{ ok: false, text: 'Meta refuses the access token', remedy }];
      }
      const remedy =
        'Check pixel_id, api_version, and that the token belongs to a user who manages the dataset.';
      const name = `code ${String(code)}${subcode === undefined ? '' : `/${String(subcode)}`}`;
      return [{ ok: false, text: `dataset ${pixel_id} cannot be read (${name})`, remedy }];
    }
    if (stringField(body, 'id') !== pixel_id) {
      return [
        { ok: false, text: `${settings.base_url} does not answer as Meta does`, remedy: 'Check base_url.' },
      ];
    }
    const name = stringField(body, 'name') ?? 'without a name';
    const found = { ok: true, text: `events go to dataset ${pixel_id} (${name}), Graph API ${api_version}` };
    if (test_event_code === undefined) return [found];
    return [found, { ok: true, text: 'test_event_code is set: events show under Test Events, and count' }];
  },
};
