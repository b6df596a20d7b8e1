/** The calls of Rule's two APIs that the connector makes, and how their answers are read. */
import { z } from 'zod';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonValue } from '../../kernel/json.ts';
import type { Fault, Outcome } from '../../kernel/outcome.ts';
import { send, stringField } from '../../kit/index.ts';
import type { Call, CallResponse, DescribeFailure, Steps } from '../../kit/index.ts';

// Whichever version a call is of, it is one of `https://app.rule.io/api/v2/…` and `…/v3/…`.
const PREFIX = '/api';

type Version = 'v2' | 'v3';

interface Request {
  readonly version: Version;
  readonly method: Call['method'];
  /** Below the version, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
  readonly accept?: readonly number[];
}

/** Makes a call; `undefined` when what answered 2xx was not Rule, but a proxy with a page of its own. */
export function* ask({ version, path, ...call }: Request): Steps<CallResponse | undefined> {
  const response = yield* send({ ...call, path: `${PREFIX}/${version}${path}` });
  const { status, body } = response;
  return status < 300 && body !== undefined && typeof body !== 'object' ? undefined : response;
}

/** The path of a subscriber, who is named by the address in all calls: `?identified_by=email`. */
export function subscriberPath(email: string, rest = ''): string {
  return `/subscribers/${encodeURIComponent(email)}${rest}`;
}

export const BY_EMAIL: Readonly<Record<string, string>> = { identified_by: 'email' };

// Names are documented as strings in some answers and as objects with ids in others.
const tagShape = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const tagsShape = z.array(tagShape);

// Ids were seen as numbers; a path takes either.
const idShape = z.union([z.string().min(1), z.number()]).transform(String);

const subscriberShape = z.object({
  id: idShape,
  phone_number: z.string().nullish(),
  tags: tagsShape.nullish().transform((tags) => tags ?? []),
});

/** A subscriber as far as the connector reads it. */
export interface Found {
  readonly id: string;
  readonly phone: string | undefined;
  readonly tags: readonly string[];
}

/** Of `GET /v2/subscribers/{…}`. */
export function readSubscriber(body: unknown): Found | undefined {
  const parsed = z.object({ subscriber: subscriberShape }).safeParse(body).data?.subscriber;
  return parsed === undefined
    ? undefined
    : { id: parsed.id, phone: parsed.phone_number ?? undefined, tags: parsed.tags };
}

/** Of `POST /v3/subscribers`. */
export function readCreatedId(body: unknown): string | undefined {
  return z.object({ data: z.object({ id: idShape }) }).safeParse(body).data?.data.id;
}

const UNEXPECTED: Fault = {
  code: 'rule.unexpected_answer',
  message: 'Rule answered with something that its documents do not know.',
};

/** Nothing is known about what became of the call, and every call may be made twice. */
export const UNREADABLE: Outcome = { kind: 'retry', fault: UNEXPECTED };

// Codes are words of Rule's, such as NotAuthorized or LimitExceed; anything longer may quote a value.
const CODE = /^[A-Za-z]{1,40}$/;
const FIELD = /^[\w.]{1,100}$/;

/** v2: `{error, message, fields?}`; v3: `{message?, errors: {field: [message]}}`. Messages may quote values. */
export const describeFailure: DescribeFailure = ({ status, body }) => {
  const error = stringField(body, 'error') ?? '';
  const code = CODE.test(error) ? error : `http_${String(status)}`;
  const fields = [...namesIn(body, 'fields'), ...namesIn(body, 'errors')];
  const about = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
  return { code: `rule.${code}`, message: `Rule answered ${String(status)}${about}.` };
};

function namesIn(body: unknown, key: string): readonly string[] {
  const named = isJsonObject(body) ? body[key] : undefined;
  return isJsonObject(named) ? Object.keys(named).filter((name) => FIELD.test(name)) : [];
}
