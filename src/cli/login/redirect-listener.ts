/** Listens on this machine until the browser comes back from the vendor (RFC 8252 section 7.3). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import { readRedirect, refused } from '../../outbound/index.ts';
import type { Authorization } from '../../outbound/index.ts';
import type { RedirectUri } from './redirect-uri.ts';

/** A redirect address on this machine. */
export type ListenableUri = RedirectUri & { readonly listen: NonNullable<RedirectUri['listen']> };

export interface RedirectListener {
  /** The redirect address, with the port that was taken. */
  readonly uri: string;
  /** The code that the browser brings; throws when the login is refused, or nobody comes. */
  waitFor(authorization: Authorization): Promise<Redacted>;
  close(): void;
}

// A human reads the page, looks for a password, picks an account.
const WAIT_MINUTES = 10;

export async function listenForRedirect(
  { text, listen: { host, port } }: ListenableUri,
  clock: Clock,
): Promise<RedirectListener> {
  const server = createServer();
  await listen(server, host, port);
  const uri = new URL(text);
  if (port === 0) uri.port = String((server.address() as AddressInfo).port);
  return {
    // As it was written otherwise: vendors compare it to the letter.
    uri: port === 0 ? uri.href : text,
    waitFor: (authorization) => waitFor(server, uri, authorization, clock),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new LinchpinError('login.port_taken', {
      message: `Port ${String(port)} of ${host} cannot be listened on (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}).`,
      cause,
    });
  }
}

async function waitFor(
  server: Server,
  uri: URL,
  authorization: Authorization,
  clock: Clock,
): Promise<Redacted> {
  const ended = new AbortController();
  const code = new Promise<Redacted>((resolve, reject) => {
    server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', uri.origin);
      if (request.method !== 'GET' || pathname !== uri.pathname) {
        answer(response, 404, 'There is nothing here.');
        return;
      }
      const redirect = readRedirect(searchParams, authorization);
      switch (redirect.kind) {
        case 'foreign':
          // Whoever sent it, the login that waits here is another one, and goes on waiting.
          answer(response, 400, 'This is not the answer to the login that is waiting.');
          return;
        case 'refused':
          answer(response, 200, 'The login was refused. The terminal says more.', () => {
            reject(refused(redirect.reason));
          });
          return;
        case 'code':
          answer(response, 200, 'You can close this page and go back to the terminal.', () => {
            resolve(redirect.code);
          });
      }
    });
  });
  const late = clock.sleep(WAIT_MINUTES * 60_000, ended.signal).then((): never => {
    throw new LinchpinError('login.unanswered', {
      message: `Nobody came back to ${authorization.redirectUri} within ${String(WAIT_MINUTES)} minutes.`,
    });
  });
  // The sleep ends when the code has come, and then nobody listens.
  late.catch(() => undefined);
  try {
    return await Promise.race([code, late]);
  } finally {
    ended.abort();
  }
}

/** `onSent` is called when the page is on its way, since the listener closes with what comes of it. */
function answer(
  response: ServerResponse,
  status: number,
  text: string,
  onSent: () => void = () => undefined,
): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    // The address of the page holds the code.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.once('close', onSent);
  response.end(`${text}\n`);
}
