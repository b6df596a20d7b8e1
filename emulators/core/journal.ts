import type { IncomingHttpHeaders } from 'node:http';
import type { EncodedReply } from './reply.ts';
import type { EmulatorRequest } from './request.ts';
import { fitsPathPattern } from './path-pattern.ts';

/** One call and its answer, as `GET /_emulator/requests` shows it. */
export interface JournalEntry {
  readonly id: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON; absent when empty or dropped. */
  readonly body?: unknown;
  /** Absent when the socket was cut before an answer. */
  readonly status?: number;
  readonly answer?: unknown;
  /** The id of the fault that made this answer. */
  readonly fault?: string;
  readonly isBodyDropped?: true;
}

export interface JournalFilter {
  readonly method?: string;
  /** A path in which `*` stands for any text. */
  readonly path?: string;
  readonly status?: number;
  /** Only entries after this id. */
  readonly after?: number;
  readonly limit?: number;
}

interface Kept {
  readonly id: number;
  readonly at: number;
  readonly request: { readonly method: string; readonly path: string; readonly query: URLSearchParams };
  readonly headers: IncomingHttpHeaders;
  readonly status: number | undefined;
  readonly fault: string | undefined;
  body: Buffer | undefined;
  answer: Buffer | undefined;
}

// A batch of 100 contacts is some 90 kB with its answer: 64 MiB keep the last 700 such calls whole, and a
// million slim entries stay below 500 MB, which is more than any test asks for.
const BODY_BYTES_MAX = 64 * 1024 * 1024;
const ENTRIES_MAX = 1_000_000;

const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'api-key']);
// Google Analytics, Meta and Rule take theirs in the address as well, as HubSpot did once.
const SECRET_PARAMETERS = new Set(['access_token', 'api_secret', 'apikey', 'hapikey']);
const SECRET_TAIL_LENGTH = 4;

/** Every call in order. Old bodies are dropped first, whole entries only long after. */
export class Journal {
  #entries: Kept[] = [];
  #nextId = 1;
  #bodyBytes = 0;
  #firstWithBody = 0;
  readonly #bodyBytesMax: number;

  constructor(bodyBytesMax = BODY_BYTES_MAX) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  record(request: EmulatorRequest, reply: EncodedReply | undefined, fault: string | undefined): void {
    const { method, path, query } = request;
    this.#entries.push({
      id: this.#nextId++,
      at: request.at,
      request: { method, path, query },
      headers: request.headers,
      status: reply?.status,
      fault,
      body: request.body,
      answer: reply?.body,
    });
    this.#bodyBytes += request.body.length + (reply?.body.length ?? 0);
    this.#dropOld();
  }

  /** Oldest first; with `limit`, the newest that many. */
  list(filter: JournalFilter = {}): JournalEntry[] {
    const found = this.#entries.filter((entry) => isWanted(entry, filter));
    return (filter.limit === undefined ? found : found.slice(-filter.limit)).map(toEntry);
  }

  count(filter: JournalFilter = {}): number {
    return this.#entries.reduce((sum, entry) => sum + (isWanted(entry, filter) ? 1 : 0), 0);
  }

  clear(): void {
    this.#entries = [];
    this.#bodyBytes = 0;
    this.#firstWithBody = 0;
  }

  #dropOld(): void {
    while (this.#bodyBytes > this.#bodyBytesMax) {
      const entry = this.#entries[this.#firstWithBody++];
      if (entry === undefined) return;
      this.#bodyBytes -= (entry.body?.length ?? 0) + (entry.answer?.length ?? 0);
      entry.body = undefined;
      entry.answer = undefined;
    }
    if (this.#entries.length > ENTRIES_MAX) {
      const cut = this.#entries.length >> 1;
      for (const entry of this.#entries.slice(0, cut)) {
        this.#bodyBytes -= (entry.body?.length ?? 0) + (entry.answer?.length ?? 0);
      }
      this.#entries = this.#entries.slice(cut);
      this.#firstWithBody = Math.max(0, this.#firstWithBody - cut);
    }
  }
}

function isWanted(entry: Kept, filter: JournalFilter): boolean {
  return (
    (filter.method === undefined || entry.request.method === filter.method.toUpperCase()) &&
    (filter.status === undefined || entry.status === filter.status) &&
    (filter.after === undefined || entry.id > filter.after) &&
    (filter.path === undefined || fitsPathPattern(filter.path, entry.request.path))
  );
}

function toEntry(kept: Kept): JournalEntry {
  const body = readable(kept.body);
  const answer = readable(kept.answer);
  return {
    id: kept.id,
    at: new Date(kept.at).toISOString(),
    method: kept.request.method,
    path: kept.request.path,
    query: redact(kept.request.query, SECRET_PARAMETERS),
    headers: redact(headersOf(kept.headers), SECRET_HEADERS),
    ...(body === undefined ? {} : { body }),
    ...(kept.status === undefined ? {} : { status: kept.status }),
    ...(answer === undefined ? {} : { answer }),
    ...(kept.fault === undefined ? {} : { fault: kept.fault }),
    ...(kept.body === undefined ? { isBodyDropped: true } : {}),
  };
}

function readable(bytes: Buffer | undefined): unknown {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: a form, a page, or the broken body of a test. The text itself is the answer.
    return text;
  }
}

function* headersOf(headers: IncomingHttpHeaders): Generator<[name: string, value: string]> {
  for (const [name, value] of Object.entries(headers)) {
    yield [name, Array.isArray(value) ? value.join(', ') : (value ?? '')];
  }
}

function redact(
  values: Iterable<readonly [name: string, value: string]>,
  secrets: ReadonlySet<string>,
): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of values) {
    shown[name] = secrets.has(name) ? `…${value.slice(-SECRET_TAIL_LENGTH)}` : value;
  }
  return shown;
}
