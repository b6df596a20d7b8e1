/** A proxy in front of the real vendor that writes down what passes, without secrets. */
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requestVendor } from '../core/index.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Exchange } from './exchange.ts';
import { redact } from './redact.ts';

export interface RecorderOptions {
  /** Where the vendor is. */
  readonly upstream: string;
  readonly file: string;
  /** Sent in place of the caller's own, where given. */
  readonly token: string | undefined;
  readonly port: number;
  readonly clock: Clock;
}

export interface Recorder {
  readonly url: string;
  readonly count: number;
  close(): Promise<void>;
}

const KEPT_HEADER = /^(content-type|location|retry-after|x-hubspot-ratelimit-.*)$/;
// Of the connection between two parties, not of the call.
const HOP_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'accept-encoding',
  'expect',
]);

export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  let count = 0;
  let written = Promise.resolve();
  const server = createServer((incoming, outgoing) => {
    pass(options, incoming)
      .then(({ exchange, answer, secrets }) => {
        count += 1;
        const line = `${JSON.stringify(redact(exchange, secrets))}\n`;
        // One after the other, so that lines stand whole and in the order of the answers.
        written = written.then(() => appendFile(options.file, line));
        return written.then(() => {
          outgoing.writeHead(exchange.status, { ...answer.headers, 'content-length': answer.body.length });
          outgoing.end(exchange.status === 204 ? undefined : answer.body);
        });
      })
      .catch((error: unknown) => {
        // The vendor could not be reached, or the file not be written: nothing was recorded, and the caller hears it.
        outgoing.writeHead(502, { 'content-type': 'text/plain;charset=utf-8' });
        outgoing.end(`linchpin emulate --record: ${error instanceof Error ? error.message : String(error)}`);
      });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get count() {
      return count;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await written;
    },
  };
}

async function pass(
  { upstream, token, clock }: RecorderOptions,
  incoming: IncomingMessage,
): Promise<{
  exchange: Exchange;
  answer: Awaited<ReturnType<typeof requestVendor>>;
  secrets: readonly string[];
}> {
  const at = new Date(clock.now()).toISOString();
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      HOP_HEADERS.has(name) || value === undefined
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
  const own = /^Bearer\s+(\S+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  if (token !== undefined && incoming.headers.authorization !== undefined)
    headers['authorization'] = `Bearer ${token}`;
  const method = incoming.method ?? 'GET';
  const path = incoming.url ?? '/';
  const answer = await requestVendor({ url: upstream.replace(/\/+$/, '') + path, method, headers, body });
  const contentType = headers['content-type'];
  return {
    exchange: {
      at,
      method,
      path,
      ...(contentType === undefined ? {} : { contentType }),
      ...(body.length === 0 ? {} : { body: body.toString('utf8') }),
      status: answer.status,
      headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => KEPT_HEADER.test(name))),
      ...(answer.body.length === 0 ? {} : { answer: answer.body.toString('utf8') }),
    },
    answer,
    secrets: [token, own].filter((secret) => secret !== undefined),
  };
}
