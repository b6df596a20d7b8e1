import { isJsonObject } from '../../kernel/json.ts';
import type { Fault } from '../../kernel/outcome.ts';
import { stringField } from '../../kit/index.ts';
import type { CallResponse } from '../../kit/index.ts';

/** One entry of `{"errors": […]}`: X lists every fault of every row of a call that it refuses. */
export interface VendorError {
  readonly code: string | undefined;
  readonly message: string;
  readonly parameter: string | undefined;
}

export function readVendorErrors(body: unknown): readonly VendorError[] {
  const errors = isJsonObject(body) && Array.isArray(body['errors']) ? body['errors'] : [];
  return errors.map((error: unknown) => ({
    code: stringField(error, 'code'),
    message: stringField(error, 'message') ?? '',
    parameter: stringField(error, 'parameter'),
  }));
}

// X's own spelling; anything else in its place is not X speaking.
const CODE = /^[A-Z][A-Z0-9_]+$/;
const PARAMETER = /^[a-z_.[\]0-9]{1,60}$/;

/** The connector's `describeFailure`. Messages quote the values that they refuse, so only codes and parameters are kept. */
export function describeFailure({ status, body }: CallResponse): Partial<Fault> {
  const errors = readVendorErrors(body).filter(({ code }) => code !== undefined && CODE.test(code));
  const [first] = errors;
  if (first?.code === undefined) return {};
  const names = errors.map(({ code, parameter }) =>
    parameter !== undefined && PARAMETER.test(parameter) ? `${String(code)} of ${parameter}` : String(code),
  );
  return {
    code: `x-ads.${first.code}`,
    message: `X refused with status ${String(status)}: ${[...new Set(names)].join(', ')}.`,
  };
}
