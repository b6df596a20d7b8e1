import { request } from 'undici';

export interface VendorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

// HubSpot itself gives up after some 100 seconds.
const TIMEOUT_MS = 120_000;

/** One call of a real vendor or of an emulator, to compare the two; redirects are answers too. */
export async function requestVendor(call: {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}): Promise<VendorAnswer> {
  const response = await request(call.url, {
    method: call.method,
    headers: call.headers,
    ...(call.body.length === 0 ? {} : { body: call.body }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return {
    status: response.statusCode,
    headers: Object.fromEntries(
      Object.entries(response.headers).flatMap(([name, value]) =>
        // The body is whole and unpacked here, whatever it was on its way.
        value === undefined ||
        ['transfer-encoding', 'connection', 'keep-alive', 'content-length'].includes(name)
          ? []
          : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
    ),
    body: Buffer.from(await response.body.arrayBuffer()),
  };
}
