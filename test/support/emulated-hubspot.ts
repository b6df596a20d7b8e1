/** Drives actions of the HubSpot connector against a running emulator, without the engine. */
import { request } from 'undici';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { settingsSchema } from '../../src/connectors/hubspot/settings.ts';
import type { ApiVersion } from '../../src/connectors/hubspot/settings.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { AnyAction, Call, CallResponse, ConnectionCache, Steps } from '../../src/kit/index.ts';
import { aCache } from './drive-steps.ts';

export class EmulatedHubspot {
  readonly calls: string[] = [];
  readonly #emulator: HubspotEmulator;
  readonly #version: ApiVersion;

  constructor(emulator: HubspotEmulator, version: ApiVersion = '2026-09') {
    this.#emulator = emulator;
    this.#version = version;
  }

  /** Delivers inputs in one batch; a worker is what shares a cache. */
  async deliver(
    action: AnyAction,
    inputs: readonly object[],
    options: object = {},
    cache: ConnectionCache = aCache(),
    attempt = 1,
  ): Promise<readonly Outcome[]> {
    this.calls.length = 0;
    const batch = inputs.map((input, index) => ({
      input: action.input.parse(input),
      traceId: `t${String(index)}`,
      attempt,
    }));
    return this.drive(
      action.deliver(batch, {
        settings: settingsSchema.parse({ access_token: 'pat-na1-emulator', api_version: this.#version }),
        options: action.options.parse(options),
        cache,
        nowMs: this.#emulator.clock.now(),
      }),
    );
  }

  async drive<Result>(steps: Steps<Result>): Promise<Result> {
    let step = steps.next();
    while (step.done !== true) {
      if (step.value.kind !== 'call') {
        step = steps.next({ kind: 'claimed', waited: false });
        continue;
      }
      const call = step.value;
      this.calls.push(`${call.method} ${call.path}`);
      const response = await this.send(call);
      if (response.status >= 300 && call.accept?.includes(response.status) !== true) {
        throw new Error(
          `${call.path} was answered ${String(response.status)}: ${JSON.stringify(response.body)}`,
        );
      }
      step = steps.next(response);
    }
    return step.value;
  }

  async send(call: Omit<Call, 'kind'>): Promise<CallResponse> {
    const query = new URLSearchParams(call.query).toString();
    const response = await request(`${this.#emulator.url}${call.path}${query === '' ? '' : `?${query}`}`, {
      method: call.method,
      headers: { authorization: 'Bearer pat-na1-emulator', 'content-type': 'application/json' },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const text = await response.body.text();
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    );
    return {
      status: response.statusCode,
      headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  }

  /** All records of a type, read from the list, which is never late. */
  async records(type: string, ...properties: string[]): Promise<readonly Record<string, string | null>[]> {
    const { body } = await this.send({
      method: 'GET',
      path: `/crm/v3/objects/${type}`,
      query: { limit: '100', properties: properties.join(',') },
    });
    const { results } = body as { results: { properties: Record<string, string | null> }[] };
    return results.map((record) =>
      Object.fromEntries(properties.map((name) => [name, record.properties[name] ?? null])),
    );
  }
}
