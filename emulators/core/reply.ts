/** What an emulator answers. A body that is neither text nor bytes travels as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return headers === undefined ? { status, body } : { status, body, headers };
}

export function empty(status: number): Reply {
  return { status };
}

/** Thrown anywhere below a route to answer at once; the way a validation deep inside refuses a call. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.name = 'Refused';
    this.reply = reply;
  }
}

/** A reply as it travels: status, complete headers, bytes. */
export interface EncodedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const NOTHING = Buffer.alloc(0);

export function encodeReply(reply: Reply): EncodedReply {
  const { body, status } = reply;
  if (body === undefined) return { status, headers: { ...reply.headers }, body: NOTHING };
  if (Buffer.isBuffer(body)) return { status, headers: { ...reply.headers }, body };
  if (typeof body === 'string') {
    return {
      status,
      headers: { 'content-type': 'text/plain;charset=utf-8', ...reply.headers },
      body: Buffer.from(body),
    };
  }
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...reply.headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}
