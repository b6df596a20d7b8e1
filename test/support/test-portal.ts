/** The HubSpot connector against its emulator without an engine: flows map, actions deliver, calls are kept. */
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import type { EventType, LoggedEvent } from '../../src/kernel/event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { AnyAction, AnyPreset, Call, CallResponse, Steps } from '../../src/kit/index.ts';
import { aCache } from './drive-steps.ts';

export interface TestPortal {
  readonly emulator: HubspotEmulator;
  /** What the connector asked for since the last delivery began. */
  readonly calls: readonly Call[];
  /**
   * Runs events through a preset and its action in one batch. Events of one order key are merged before, as by the
   * engine. One outcome per input that went out; an event that is skipped has the reason as its own.
   */
  run(preset: string, payloads: readonly JsonObject[], setting?: RunSetting): Promise<readonly Outcome[]>;
  /** Delivers inputs of an action in one batch. */
  deliver(action: string, inputs: readonly unknown[], options?: object): Promise<readonly Outcome[]>;
  /** Asks HubSpot itself. */
  ask(method: Call['method'], path: string, body?: unknown): Promise<CallResponse>;
  /** Properties of a contact, by address. */
  contact(email: string, ...properties: readonly string[]): Promise<Readonly<Record<string, string | null>>>;
  close(): Promise<void>;
}

export interface RunSetting {
  readonly type?: EventType;
  readonly options?: object;
  /** Told of every call before it is made. */
  readonly before?: (call: Call) => Promise<void>;
}

export async function makeTestPortal(): Promise<TestPortal> {
  const emulator = await startHubspotEmulator();
  emulator.admin.reset({ portals: [{ portalId: DEFAULT_PORTAL_ID, plan: 'enterprise' }] });
  // Lists are read right after they were changed.
  emulator.admin.seed({ switches: { searchLagMs: 0 } });
  const settings = hubspot.settings.parse({ access_token: DEFAULT_TOKEN, plan: 'enterprise' });
  const cache = aCache();
  const calls: Call[] = [];

  const send = async ({ method, path, query, body }: Omit<Call, 'kind'>): Promise<CallResponse> => {
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${emulator.url}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  };

  async function drive<Result>(steps: Steps<Result>, before: RunSetting['before']): Promise<Result> {
    let step = steps.next();
    while (step.done !== true) {
      if (step.value.kind !== 'call') {
        step = steps.next({ kind: 'claimed', waited: false });
        continue;
      }
      const call = step.value;
      await before?.(call);
      calls.push(call);
      const response = await send(call);
      if (response.status >= 300 && call.accept?.includes(response.status) !== true) {
        throw new Error(
          `${call.path} was answered ${String(response.status)}: ${JSON.stringify(response.body)}`,
        );
      }
      step = steps.next(response);
    }
    return step.value;
  }

  const deliver = (
    action: AnyAction,
    inputs: readonly unknown[],
    options: unknown,
    before?: RunSetting['before'],
  ): Promise<readonly Outcome[]> => {
    const batch = inputs.map((input, index) => ({ input, traceId: `t${String(index)}`, attempt: 1 }));
    const context = { settings, options, cache, nowMs: emulator.clock.now() };
    return drive(action.deliver(batch, context), before);
  };

  return {
    emulator,
    calls,
    run: async (id, payloads, { type, options: own = {}, before } = {}) => {
      calls.length = 0;
      const preset = presetOf(id);
      const options: unknown = preset.action.options.parse({ ...preset.options, ...own });
      const outcomes: Outcome[] = [];
      const inputs = new Map<string, unknown>();
      for (const [index, payload] of payloads.entries()) {
        const mapped = preset.map(anEvent(type ?? preset.when.types[0] ?? 'track', payload, index), options);
        if (mapped.kind === 'skip') outcomes.push({ kind: 'skipped', reason: mapped.reason });
        else if (mapped.kind === 'failed') throw new Error(mapped.fault.message);
        else {
          const { coalesce, orderKey } = preset.action;
          const key = coalesce === undefined ? String(index) : orderKey(mapped.input);
          const older = inputs.get(key);
          inputs.set(
            key,
            older === undefined || coalesce === undefined
              ? mapped.input
              : coalesce(older, mapped.input, options),
          );
        }
      }
      if (inputs.size > 0)
        outcomes.push(...(await deliver(preset.action, [...inputs.values()], options, before)));
      return outcomes;
    },
    deliver: (name, inputs, own = {}) => {
      calls.length = 0;
      const action = hubspot.actions[name];
      if (action === undefined) throw new Error(`There is no action ${name}.`);
      return deliver(
        action,
        inputs.map((input) => action.input.parse(input)),
        action.options.parse(own),
      );
    },
    ask: (method, path, body) =>
      send({ method, path, ...(body === undefined ? {} : { body: body as JsonObject }) }),
    contact: async (email, ...properties) => {
      const { body } = await send({
        method: 'GET',
        path: `/crm/v3/objects/contacts/${encodeURIComponent(email)}`,
        query: { idProperty: 'email', properties: properties.join(',') },
      });
      return (body as { readonly properties?: Record<string, string | null> }).properties ?? {};
    },
    close: () => emulator.close(),
  };
}

function presetOf(id: string): AnyPreset {
  const preset = hubspot.presets.find((each) => each.id === id);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  return preset;
}

function anEvent(type: EventType, payload: JsonObject, index: number): LoggedEvent {
  const at = new Date(Date.UTC(2026, 10, 20, 10, 0, index)).toISOString();
  const { event, name, userId, anonymousId } = payload;
  const named = event ?? name;
  return {
    position: index + 1,
    id: `m${String(index)}`,
    source: 'site',
    type,
    name: typeof named === 'string' ? named : null,
    personKey: [userId, anonymousId].find((id) => typeof id === 'string') ?? 'nobody',
    occurredAt: at,
    receivedAt: at,
    payload,
  };
}
