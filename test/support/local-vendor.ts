/** A vendor on 127.0.0.1 whose answers a test decides, and which remembers what it was sent. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface VendorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** `reset` closes the connection without an answer. */
export type Answering = (request: VendorRequest) => VendorAnswer | 'reset' | Promise<VendorAnswer | 'reset'>;

export interface LocalVendor {
  readonly url: string;
  readonly requests: readonly VendorRequest[];
  /** Requests that wait for their answer. */
  readonly openCount: number;
  /** The most that ever waited at once. */
  readonly openCountMax: number;
  answer: Answering;
}

export async function startLocalVendor(answer: Answering): Promise<LocalVendor> {
  const requests: VendorRequest[] = [];
  let openCount = 0;
  let openCountMax = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined); // A client that goes away is part of what tests do.
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming;
      const request = { method, path, headers, text: Buffer.concat(chunks).toString('utf8') };
      requests.push(request);
      openCount += 1;
      openCountMax = Math.max(openCountMax, openCount);
      void Promise.resolve(vendor.answer(request)).then((given) => {
        openCount -= 1;
        if (given === 'reset') {
          incoming.socket.destroy();
          return;
        }
        const body = typeof given.body === 'string' ? given.body : JSON.stringify(given.body ?? {});
        outgoing.writeHead(given.status, { 'content-type': 'application/json', ...given.headers }).end(body);
      });
    });
  });
  const vendor = {
    url: '',
    requests,
    get openCount() {
      return openCount;
    },
    get openCountMax() {
      return openCountMax;
    },
    answer,
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vendor.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return vendor;
}
