import { isJsonObject } from '../../kernel/json.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import { send } from '../../kit/index.ts';
import type { CallResponse, DeliverContext, Item, Steps } from '../../kit/index.ts';
import type { ConversionInput } from './conversion-input.ts';
import { toConversion } from './conversion.ts';
import type { Settings } from './settings.ts';

export interface ConversionOptions {
  readonly event_id?: string | undefined;
}

const NOBODY: Outcome = {
  kind: 'skipped',
  reason:
    'No identifier that X needs: a valid e-mail address or phone number, a twclid, or an IP address with a user agent.',
};

/** One call for the batch, which X takes or refuses whole; the engine halves a batch that is refused. */
export function* sendConversions(
  batch: readonly Item<ConversionInput>[],
  { settings, options }: DeliverContext<Settings, ConversionOptions>,
): Steps<readonly Outcome[]> {
  const eventId = options.event_id ?? settings.event_id;
  const drafts = batch.map(({ input }) => toConversion(input, eventId));
  const conversions = drafts.filter((draft) => draft !== undefined);
  if (conversions.length === 0) return drafts.map(() => NOBODY);
  const response = yield* send({
    method: 'POST',
    path: conversionsPath(settings),
    body: { conversions },
  });
  const sent = verdict(response, conversions.length);
  return drafts.map((draft) => (draft === undefined ? NOBODY : sent));
}

export function conversionsPath({ api_version, pixel_id }: Settings): string {
  return `/${api_version}/measurement/conversions/${pixel_id}`;
}

/** A 2xx that does not count every conversion proves nothing; X knows a repetition by its conversion_id. */
function verdict({ headers, body }: CallResponse, count: number): Outcome {
  const data = isJsonObject(body) ? body['data'] : undefined;
  if (!isJsonObject(data) || data['conversions_processed'] !== count) {
    const message = 'X answered success, but not that it has processed every conversion.';
    return { kind: 'retry', fault: { code: 'x-ads.unexpected_answer', message } };
  }
  const warning = headers['x-api-warn'];
  return { kind: 'delivered', ...(warning === undefined ? {} : { notes: [`X warns: ${warning}`] }) };
}
