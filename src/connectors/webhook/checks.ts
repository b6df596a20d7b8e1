import { send } from '../../kit/index.ts';
import type { Check, CheckLine } from '../../kit/index.ts';
import { targetOf } from './address.ts';
import type { Settings } from './settings.ts';

/** A type that no platform has, so that receivers pass over it. The id is always the same: a receiver acts on it once. */
const TEST_EVENT = { eventType: 'linchpin.test' };
const TEST_ID = 'msg_linchpin_test';

// Those that say something about the address or the sender; the rest is told in the words of the failures table.
const TELLING = [300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 415, 422];

/** Sends a message, because nothing less shows whether the receiver takes signature and headers. */
export const takesMessages: Check<Settings> = {
  title: 'Receiver',
  *run({ settings }) {
    const { status } = yield* send({
      method: 'POST',
      path: targetOf(settings.url),
      id: TEST_ID,
      body: TEST_EVENT,
      accept: TELLING,
    });
    return [lineOf(status), ...(settings.secret === undefined ? [UNSIGNED] : [])];
  },
};

const UNSIGNED: CheckLine = {
  ok: true,
  text: 'messages are not signed: without `secret` only the headers tell the receiver who sends',
};

function lineOf(status: number): CheckLine {
  const text = `the receiver answered a test message with ${String(status)}`;
  if (status < 300) return { ok: true, text };
  const remedy = REMEDIES.find(([from, to]) => status >= from && status <= to)?.[2];
  return { ok: false, text, ...(remedy === undefined ? {} : { remedy }) };
}

const REMEDIES: readonly (readonly [from: number, to: number, remedy: string])[] = [
  [300, 399, 'Redirects are not followed: write the address that it leads to into url.'],
  [401, 403, 'Check that the receiver has the same secret, and takes these headers.'],
  [404, 410, 'Check url, and that the receiver takes POST there.'],
  [
    400,
    499,
    'Let the receiver answer 2xx to events that it does not know, eventType "linchpin.test" among them.',
  ],
];
