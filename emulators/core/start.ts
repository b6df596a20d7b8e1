import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import type { Clock } from '../../src/kernel/clock.ts';
import { makeAdmin } from './admin.ts';
import type { EmulatorAdmin } from './admin.ts';
import { ADMIN_PREFIX, adminRoutes } from './admin-routes.ts';
import { EmulatorClock } from './clock.ts';
import type { EmulatorDefinition } from './definition.ts';
import { FaultPlan } from './faults.ts';
import { Journal } from './journal.ts';
import { PAGE_PATH, showPage } from './page.ts';
import type { Route } from './router.ts';
import { makeServer } from './server.ts';
import { Webhooks } from './webhooks.ts';

export interface StartOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** The real time below the emulator's own, or that one itself; tests may give another. */
  readonly clock?: Clock;
}

export interface RunningEmulator<State, Seed extends z.ZodType, Limits extends z.ZodType> {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly port: number;
  readonly clock: EmulatorClock;
  readonly admin: EmulatorAdmin<Seed, Limits>;
  readonly webhooks: Webhooks;
  /** The live state; another object after a reset. */
  readonly state: State;
  close(): Promise<void>;
}

/** Listens, on the loopback interface unless told otherwise: an emulator has no secrets worth the name. */
export async function startEmulator<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  definition: EmulatorDefinition<State, Seed, Limits>,
  options: StartOptions = {},
): Promise<RunningEmulator<State, Seed, Limits>> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock instanceof EmulatorClock ? options.clock : new EmulatorClock(options.clock);
  const journal = new Journal();
  const faults = new FaultPlan(clock);
  const webhooks = new Webhooks(
    clock,
    definition.webhooks ?? { sign: () => ({}), retryDelaysMs: [], timeoutMs: 5_000 },
  );
  let origin = '';
  let state: State | undefined;
  const currentState = (): State => {
    state ??= definition.makeState({ clock, webhooks, origin });
    return state;
  };
  const admin = makeAdmin({
    seedSchema: definition.seedSchema,
    limitsSchema: definition.limits.schema,
    clock,
    journal,
    faults,
    webhooks,
    presets: Object.keys(definition.faultPresets ?? {}),
    state: currentState,
    replaceState: () => {
      if (state !== undefined) definition.closeState?.(state);
      state = undefined;
    },
    applySeed: definition.applySeed.bind(definition),
    showState: definition.showState.bind(definition),
    showLimits: definition.limits.show.bind(definition.limits),
    applyLimits: definition.limits.apply.bind(definition.limits),
  });
  const ownAdmin = (definition.adminRoutes ?? []).map((route): Route<State> => ({
    method: route.method,
    path: `${ADMIN_PREFIX}${route.path}`,
    handle: route.handle.bind(route),
  }));
  const pages = ['/', PAGE_PATH].map((path): Route<State> => ({
    method: 'GET',
    path,
    handle: ({ query }) =>
      showPage(definition.title, admin, (asked) => definition.showPage?.(currentState(), asked) ?? [], query),
  }));
  const server = makeServer<State, Seed, Limits>({
    definition,
    adminRoutes: [
      ...adminRoutes(admin, clock, { seed: definition.seedSchema, limits: definition.limits.schema }),
      ...ownAdmin,
      ...pages,
    ],
    clock,
    journal,
    faults,
    state: currentState,
    origin: () => origin,
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    id: definition.id,
    title: definition.title,
    url: origin,
    port,
    clock,
    admin,
    webhooks,
    get state() {
      return currentState();
    },
    close: async () => {
      clock.close();
      await webhooks.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
