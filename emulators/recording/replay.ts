/** Makes recorded calls of an emulator and tells where its answers differ from the vendor's. */
import { requestVendor } from '../core/index.ts';
import type { EmulatorClock } from '../core/index.ts';
import type { Exchange } from './exchange.ts';
import { IdMap } from './id-map.ts';
import { compareShapes } from './shape.ts';
import type { ShapeDifference } from './shape.ts';

export interface Comparison {
  /** Counted from 1, as the lines of the recording. */
  readonly line: number;
  readonly call: string;
  readonly recordedStatus: number;
  readonly emulatedStatus: number;
  readonly differences: readonly ShapeDifference[];
}

export interface ReplayOptions {
  readonly url: string;
  readonly token: string;
  /** Moved to the time of each exchange, so that limits, lags and expiries fall as they did. */
  readonly clock: EmulatorClock;
}

/** In order, each call with the ids that the emulator gave where the vendor gave others. */
export async function* replay(
  exchanges: readonly Exchange[],
  options: ReplayOptions,
): AsyncGenerator<Comparison> {
  const ids = new IdMap();
  for (const [index, exchange] of exchanges.entries()) {
    options.clock.freeze();
    options.clock.set(Date.parse(exchange.at));
    const path = ids.translate(exchange.path);
    const answer = await requestVendor({
      url: options.url + path,
      method: exchange.method,
      headers: {
        authorization: `Bearer ${options.token}`,
        ...(exchange.contentType === undefined ? {} : { 'content-type': exchange.contentType }),
      },
      body: Buffer.from(ids.translate(exchange.body ?? '')),
    });
    const recorded = parse(exchange.answer);
    const emulated = parse(answer.body.toString('utf8'));
    ids.learn(recorded, emulated);
    yield {
      line: index + 1,
      call: `${exchange.method} ${path}`,
      recordedStatus: exchange.status,
      emulatedStatus: answer.status,
      differences: compareShapes(recorded, emulated),
    };
  }
}

export function isDifferent({ recordedStatus, emulatedStatus, differences }: Comparison): boolean {
  return recordedStatus !== emulatedStatus || differences.length > 0;
}

function parse(text: string | undefined): unknown {
  if (text === undefined || text === '') return '';
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A page or plain text: that it is text is all that can be compared.
    return text;
  }
}
