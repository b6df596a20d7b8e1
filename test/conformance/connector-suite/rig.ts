/**
 * A connector before its emulator, through the engine's own client and batches: what is tested is what runs. All that
 * it keeps or shows is searched for secrets after every test.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { z } from 'zod';
import { startEmulator } from '../../../emulators/core/index.ts';
import type { RunningEmulator } from '../../../emulators/core/index.ts';
import { runBatch } from '../../../src/delivery/run-batch.ts';
import type { Outcome } from '../../../src/kernel/outcome.ts';
import type { AnyAction, AnyConnector } from '../../../src/kit/index.ts';
import { ConnectionClient, LIVE_CLAIMANT, preview, RecordClaims } from '../../../src/outbound/index.ts';
import type { Exchange, Preview } from '../../../src/outbound/index.ts';
import { aCache } from '../../support/drive-steps.ts';
import { makeLeapingClock } from '../../support/leaping-clock.ts';
import { connectionOf, flowOf, worksOf } from './engine-parts.ts';
import type { ActionRecipe, ConnectorRecipe } from './recipe.ts';
import { leaksIn, secretsIn } from './secrets.ts';

/** As many inputs of a batch as tell outcomes apart: what is tried in every way is tried with few. */
export const SOME = 3;

export interface Delivered {
  /** One per input, in their order. */
  readonly outcomes: readonly Outcome[];
  readonly exchanges: readonly Exchange[];
  /** What the connector did against its contract. */
  readonly bugs: readonly unknown[];
}

/** What became of inputs, in a form in which a hundred failures read as one. */
export function summary(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const text = 'fault' in outcome ? `: ${outcome.fault.code}, ${outcome.fault.message}` : '';
    const name = `${outcome.kind}${'reason' in outcome ? `: ${outcome.reason}` : text}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** For `test.each`: a test for what is there, none for what is not. */
export function present<Value>(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}

export interface Rig<Emulator> {
  readonly emulator: Emulator;
  readonly settings: unknown;
  /** Values of secret settings, as they were given. */
  readonly secrets: readonly string[];
  /** Starts again, with what the inputs of an action name in place: `count` of those of `many`. */
  begin(recipe: ActionRecipe<Emulator>, count?: number): Promise<void>;
  /** The same at a moment that is one in all of a test and does not pass, so that stamps of the vendor can be compared. */
  beginAtOneMoment(recipe: ActionRecipe<Emulator>): Promise<void>;
  /** The row of the failures table that decided last. */
  readonly decidingRow: number | undefined;
  readonly client: ConnectionClient;
  deliver(
    action: AnyAction,
    recipe: ActionRecipe<Emulator>,
    inputs: readonly unknown[],
    options?: { readonly isReplay?: boolean },
  ): Promise<Delivered>;
  preview(action: AnyAction, recipe: ActionRecipe<Emulator>, input: unknown): Preview<readonly Outcome[]>;
  /** What a replay must leave as it is. */
  lasting(): unknown;
  /** Has this searched for secrets. */
  see(what: string, shown: unknown): void;
}

/** Starts the emulator for all tests of the suite, and gives each a fresh one. */
export function useRig<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  connector: AnyConnector,
  recipe: ConnectorRecipe<State, Seed, Limits>,
): Rig<RunningEmulator<State, Seed, Limits>> {
  type Emulator = RunningEmulator<State, Seed, Limits>;
  const clock = makeLeapingClock();
  let emulator: Emulator;
  let settings: unknown;
  let secrets: readonly string[] = [];
  let seen: [what: string, shown: unknown][] = [];
  let client: ConnectionClient | undefined;
  let decidingRow: number | undefined;
  let momentMs: number | undefined;
  const watched = withWatchedFailures(connector, (row) => {
    decidingRow = row;
  });

  beforeAll(async () => {
    emulator = await startEmulator(recipe.emulator, { clock });
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    settings = connector.settings.parse(recipe.settings(emulator.url));
    secrets = secretsIn(settings);
    seen = [];
    decidingRow = undefined;
    momentMs = undefined;
    await reset();
  });
  afterEach(async () => {
    await client?.close();
    client = undefined;
    const leaks = seen.flatMap(([what, shown]) => leaksIn(what, shown, secrets));
    expect(leaks, 'no secret of the settings in what is kept or shown').toEqual([]);
  });

  const reset = async (frozenAtMs?: number): Promise<void> => {
    await client?.close();
    emulator.admin.reset();
    if (frozenAtMs !== undefined) {
      emulator.clock.freeze();
      emulator.clock.set(frozenAtMs);
    }
    if (recipe.seed !== undefined) emulator.admin.seed(recipe.seed);
    client = new ConnectionClient({ connector: watched, settings, clock, privateAddresses: true });
    // Faults are for the calls of the API, not for the token.
    await client.accessToken();
    emulator.admin.clearRequests();
  };
  const see = (what: string, shown: unknown): void => {
    seen.push([what, shown]);
  };
  return {
    get emulator() {
      return emulator;
    },
    get settings() {
      return settings;
    },
    get secrets() {
      return secrets;
    },
    get decidingRow() {
      return decidingRow;
    },
    get client() {
      return running(client);
    },
    see,
    begin: async ({ arrange }, count = SOME) => {
      await reset();
      arrange?.(emulator, count);
    },
    beginAtOneMoment: async ({ arrange }) => {
      momentMs ??= clock.now();
      await reset(momentMs);
      arrange?.(emulator, SOME);
    },
    lasting: () => structuredClone(recipe.lasting?.(emulator) ?? emulator.admin.state()),
    deliver: async (action, { options }, inputs, { isReplay = false } = {}) => {
      const flow = flowOf(action, options);
      const exchanges: Exchange[] = [];
      const bugs: unknown[] = [];
      const outcomes = new Map<unknown, Outcome>();
      const works = worksOf(
        flow,
        inputs.map((input): unknown => action.input.parse(input)),
      );
      const runs = runBatch(flow, works, {
        connection: connectionOf(watched, settings, flow),
        client: running(client),
        claims: new RecordClaims(),
        claimant: isReplay ? { priority: 'replay', rateShare: 1 } : LIVE_CLAIMANT,
        cache: aCache(),
        clock: emulator.clock,
        signal: new AbortController().signal,
        onConnectorBug: (error) => bugs.push(error),
      });
      for await (const run of runs) {
        exchanges.push(...run.exchanges);
        for (const [index, work] of run.works.entries()) {
          const outcome = run.outcomes[index];
          if (outcome !== undefined) outcomes.set(work, outcome);
        }
      }
      const inOrder = works.map((work) => outcomes.get(work)).filter((outcome) => outcome !== undefined);
      see(`an outcome of ${action.id}`, inOrder);
      see(`an exchange of ${action.id}`, exchanges);
      return { outcomes: inOrder, exchanges, bugs };
    },
    preview: (action, { options }, input) => {
      const parsed: unknown = action.input.parse(input);
      const steps = action.deliver([{ input: parsed, traceId: '0', attempt: 1 }], {
        settings,
        options: action.options.parse(options ?? {}),
        cache: aCache(),
        nowMs: emulator.clock.now(),
      });
      const previewed = preview(steps, { connector, settings, input: parsed, answers: [] });
      see(`a preview of ${action.id}`, previewed);
      return previewed;
    },
  };
}

/** The same connector, which tells by the way which row of its failures table decides. */
function withWatchedFailures(connector: AnyConnector, onDecided: (row: number) => void): AnyConnector {
  const failures = connector.http.failures.map((rule, row) => ({
    ...rule,
    when: (response: Parameters<NonNullable<typeof rule.when>>[0]) => {
      const isMet = rule.when?.(response) ?? true;
      // The first row that is met decides, and no further one is asked.
      if (isMet) onDecided(row);
      return isMet;
    },
  }));
  return { ...connector, http: { ...connector.http, failures } };
}

function running(client: ConnectionClient | undefined): ConnectionClient {
  if (client === undefined) throw new TypeError('A rig has a client while a test runs.');
  return client;
}
