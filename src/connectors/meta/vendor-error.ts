import { isJsonObject } from '../../kernel/json.ts';
import type { Fault } from '../../kernel/outcome.ts';
import { stringField } from '../../kit/index.ts';
import type { CallResponse } from '../../kit/index.ts';

/** What is read of `{"error": {…}}`. Its messages may quote what was refused, so none of them is kept. */
export interface VendorError {
  readonly code: number | undefined;
  readonly subcode: number | undefined;
  readonly isTransient: boolean;
  readonly traceId: string | undefined;
}

export function readVendorError(body: unknown): VendorError | undefined {
  const error = isJsonObject(body) ? body['error'] : undefined;
  if (!isJsonObject(error)) return undefined;
  return {
    code: numberField(error['code']),
    subcode: numberField(error['error_subcode']),
    isTransient: error['is_transient'] === true,
    traceId: stringField(error, 'fbtrace_id'),
  };
}

function numberField(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

// What is known of codes for certain (developers.facebook.com/docs/marketing-api/conversions-api/using-the-api and
// …/docs/facebook-login/guides/access-tokens/debugging, read 2026-11); most of the 28040xx are not explained anywhere.
const KNOWN: Readonly<Record<string, string>> = {
  '100/33': 'the dataset does not exist, or the token may not use it',
  '100/2804003': 'the event is older than seven days',
  '100/2804009': 'a Purchase needs value and currency',
  '190/460': 'the token is void because the password was changed',
  '190/463': 'the token has expired',
};

/** The connector's `describeFailure`. */
export function describeFailure({ status, body }: CallResponse): Partial<Fault> {
  const error = readVendorError(body);
  if (error?.code === undefined) return {};
  const { code, subcode, traceId } = error;
  const name = subcode === undefined ? String(code) : `${String(code)}/${String(subcode)}`;
  const known = KNOWN[name];
  return {
    code: `meta.${name.replace('/', '_')}`,
    message: `Meta refused with code ${name} and status ${String(status)}${known === undefined ? '' : `: ${known}`}.`,
    ...(traceId === undefined ? {} : { requestId: traceId }),
  };
}
