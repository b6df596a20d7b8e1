import type { IncomingHttpHeaders } from 'node:http';

/** Why the framework refuses a call before or around a route; each vendor words these in its own shape. */
export type RefusalReason =
  | 'unknown_route'
  | 'wrong_method'
  | 'wrong_content_type'
  | 'broken_json'
  | 'broken_form'
  | 'body_too_large'
  | 'unavailable'
  | 'internal';

/** Thrown by the body readers below; the server turns it into the vendor's answer. */
export class UnreadableBody extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, detail: string) {
    super(detail);
    this.name = 'UnreadableBody';
    this.reason = reason;
  }
}

/** One call as a route sees it. The body is there as bytes; `json()` and `form()` read it strictly. */
export class EmulatorRequest {
  readonly method: string;
  /** The path as sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the emulator listens, e.g. `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** The emulator's time when the call arrived, in ms. */
  readonly at: number;
  /** The values of the `:names` of the route's path, decoded. */
  params: Readonly<Record<string, string>> = {};

  constructor(parts: {
    readonly method: string;
    readonly target: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
    readonly origin: string;
    readonly at: number;
  }) {
    const cut = parts.target.indexOf('?');
    this.method = parts.method;
    this.path = cut === -1 ? parts.target : parts.target.slice(0, cut);
    this.query = new URLSearchParams(cut === -1 ? '' : parts.target.slice(cut + 1));
    this.headers = parts.headers;
    this.body = parts.body;
    this.origin = parts.origin;
    this.at = parts.at;
  }

  /** A value of the route's path. A name that the path lacks is a mistake in the route. */
  param(name: string): string {
    const value = this.params[name];
    if (value === undefined) throw new Error(`the route of ${this.path} has no :${name}`);
    return value;
  }

  bearer(): string | undefined {
    return /^Bearer +(\S+) *$/i.exec(this.headers.authorization ?? '')?.[1];
  }

  json(): unknown {
    this.#requireContentType('application/json');
    try {
      return JSON.parse(this.body.toString('utf8')) as unknown;
    } catch (error) {
      throw new UnreadableBody('broken_json', error instanceof Error ? error.message : String(error));
    }
  }

  form(): URLSearchParams {
    this.#requireContentType('application/x-www-form-urlencoded');
    return new URLSearchParams(this.body.toString('utf8'));
  }

  #requireContentType(wanted: string): void {
    const given = (this.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (given !== wanted) throw new UnreadableBody('wrong_content_type', given);
  }
}
