import { send } from '../../kit/index.ts';
import type { Check } from '../../kit/index.ts';
import { readDebugAnswer } from './debug-answer.ts';
import { DEBUG_PATH } from './paths.ts';
import type { Settings } from './settings.ts';

const SAMPLE = {
  client_id: '1.1',
  validation_behavior: 'ENFORCE_RECOMMENDATIONS',
  events: [
    {
      name: 'purchase',
      params: {
        transaction_id: 'linchpin-connectors-test',
        value: 1,
        currency: 'EUR',
        items: [{ item_id: 'linchpin-connectors-test', price: 1, quantity: 1 }],
      },
    },
  ],
};

/** A sample purchase to the debug endpoint, which counts nothing and knows neither streams nor secrets. */
export const debugEndpoint: Check<Settings> = {
  title: 'Debug endpoint',
  *run({ settings }) {
    const { measurement_id } = settings;
    const response = yield* send({
      method: 'POST',
      path: DEBUG_PATH,
      query: { measurement_id },
      body: SAMPLE,
    });
    const messages = readDebugAnswer(response.body);
    if (messages === undefined) {
      return [
        {
          ok: false,
          text: 'The debug endpoint answers something else than validation messages',
          remedy: 'Check base_url, and that no proxy stands before it.',
        },
      ];
    }
    if (messages.length > 0) {
      return messages.map(({ fieldPath = '', description, validationCode }) => ({
        ok: false,
        text: `${fieldPath === '' ? '' : `${fieldPath}: `}${description} (${validationCode})`,
        remedy: 'Check measurement_id and api_secret.',
      }));
    }
    return [
      { ok: true, text: 'Google finds a sample purchase valid' },
      {
        ok: true,
        // Realtime shows events of known sessions (.../protocol/ga4/sending-events, read 2026-11), which checkouts lack.
        text: `Google checks neither measurement_id nor api_secret: look for a first purchase of ${measurement_id} in its reports two days later, as Realtime may show none of them`,
      },
    ];
  },
};
