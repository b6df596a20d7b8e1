import { send } from '../../kit/index.ts';
import type { Check } from '../../kit/index.ts';
import { conversionsPath } from './send-conversions.ts';
import type { Settings } from './settings.ts';
import { readVendorErrors } from './vendor-error.ts';

/**
 * Sends no conversion at all, which X refuses for that reason only where it accepts the credentials and knows the pixel.
 * That it looks at these first is inferred (confidence medium, 2026-11); nothing is stored either way.
 */
export const pixel: Check<Settings> = {
  title: 'Pixel',
  *run({ settings }) {
    const { status, body } = yield* send({
      method: 'POST',
      path: conversionsPath(settings),
      body: { conversions: [] },
      accept: [400, 401, 403, 404],
    });
    const [{ code = 'no code' } = {}] = readVendorErrors(body);
    if (status === 401 || status === 403) {
      const remedy =
        settings.pixel_token === undefined
          ? 'Check the four of OAuth, and that the app has access to the Ads API and the user manages the ad account.'
          : 'Make a new token for the pixel in Events Manager.';
      return [{ ok: false, text: `X refuses the credentials (${String(status)}, ${code})`, remedy }];
    }
    if (status === 404) {
      const text = `X does not know the pixel ${settings.pixel_id} (${code})`;
      return [{ ok: false, text, remedy: 'Check pixel_id, api_version and base_url.' }];
    }
    if (status !== 400 || readVendorErrors(body).length === 0) {
      const text = `${settings.base_url} does not answer as X does`;
      return [{ ok: false, text, remedy: 'Check base_url.' }];
    }
    return [{ ok: true, text: `X takes conversions of pixel ${settings.pixel_id} from these credentials` }];
  },
};
