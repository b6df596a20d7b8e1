import { z } from 'zod';
import { isJsonObject } from '../../kernel/json.ts';
import { stringField } from '../../kit/index.ts';
import type { CallResponse, DescribeFailure } from '../../kit/index.ts';

/** apidocs.make.as and the vendor's PHP client, pindena/make-api-sdk 1.0.2 (2026-11). */
export const API = '/api/public/v2';

/** As much of a subscriber as the connector relies on; `tags` are titles. */
const subscriberShape = z.object({
  id: z.union([z.number(), z.string().min(1)]).transform(String),
  tags: z.array(z.string()).optional(),
});
export type AnsweredSubscriber = z.output<typeof subscriberShape>;

/** The subscriber in an answer; `undefined` when there is none. */
export function readSubscriber({ body }: CallResponse): AnsweredSubscriber | undefined {
  return subscriberShape.safeParse(body).data;
}

const listsShape = z.array(
  z.object({ id: z.union([z.number(), z.string()]).transform(String), title: z.string().default('') }),
);

/** The subscriber lists of an account: a bare array. */
export function readLists({ body }: CallResponse): z.output<typeof listsShape> | undefined {
  return listsShape.safeParse(body).data;
}

const rowShape = z.object({
  external_id: z.string(),
  status: z.unknown().optional(),
  error: z.unknown().optional(),
  errors: z.unknown().optional(),
});

/**
 * The rows that a bulk call says it refused although it answered 2xx, by their `external_id`. What such a call answers
 * is not documented: an answer of another form, and an empty one, count as success (confidence low, 2026-11).
 */
export function refusedRows({ body }: CallResponse): ReadonlySet<string> {
  const rows: unknown = isJsonObject(body) ? (body['errors'] ?? body['failed']) : body;
  if (!Array.isArray(rows)) return new Set();
  const isVerdictList = rows === body;
  const read = rows.map((row) => rowShape.safeParse(row).data).filter((row) => row !== undefined);
  return new Set(
    read.filter((row) => !isVerdictList || isRefused(row)).map(({ external_id }) => external_id),
  );
}

function isRefused({ status, error, errors }: z.output<typeof rowShape>): boolean {
  const isError = typeof status === 'string' && /^(?:error|failed|4\d\d|5\d\d)\b/i.test(status);
  return isError || (typeof status === 'number' && status >= 400) || hasContent(error) || hasContent(errors);
}

function hasContent(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  return isJsonObject(value) && Object.keys(value).length > 0;
}

/** True for what no JSON API says: the page of a proxy, or an answer that was cut off. */
export function isForeign({ body }: CallResponse): boolean {
  return typeof body === 'string';
}

/** The vendor's own client reads `message`, then `status`. */
export const describeFailure: DescribeFailure = ({ status, body }) => {
  const message = stringField(body, 'message') ?? stringField(body, 'status');
  return {
    message:
      message === undefined
        ? `Make.as answered ${String(status)}.`
        : `Make.as answered ${String(status)}: ${message}`,
  };
};
