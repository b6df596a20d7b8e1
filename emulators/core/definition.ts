import type { z } from 'zod';
import type { EmulatorClock } from './clock.ts';
import type { Fault } from './faults.ts';
import type { PageTable } from './page.ts';
import type { Reply } from './reply.ts';
import type { EmulatorRequest, RefusalReason } from './request.ts';
import type { Route } from './router.ts';
import type { Webhooks, WebhookRules } from './webhooks.ts';

/** What a vendor's state is made from. */
export interface EmulatorContext {
  readonly clock: EmulatorClock;
  readonly webhooks: Webhooks;
  /** Where the emulator listens, e.g. `http://127.0.0.1:4010`. */
  readonly origin: string;
}

/** One vendor: what it keeps, what it answers, how it refuses. */
export interface EmulatorDefinition<State, Seed extends z.ZodType, Limits extends z.ZodType> {
  /** The connector's name, and the folder's. */
  readonly id: string;
  readonly title: string;
  /** Shape of `POST /_emulator/seed`; a seed adds to what is there. */
  readonly seedSchema: Seed;
  /** The state of a fresh emulator, default tokens included. */
  makeState(context: EmulatorContext): State;
  applySeed(state: State, seed: z.output<Seed>): void;
  /** A reset is about to replace this state: what it had planned for later is called off. */
  closeState?(state: State): void;
  /** What `GET /_emulator/state` shows; `query` may choose a part. */
  showState(state: State, query: URLSearchParams): unknown;
  /** What the page at `/` shows of the state; `query` is the page's own. */
  showPage?(state: State, query: URLSearchParams): readonly PageTable[];
  readonly limits: {
    readonly schema: Limits;
    show(state: State): unknown;
    apply(state: State, change: z.output<Limits>): void;
  };
  readonly routes: readonly Route<State>[];
  /** Calls of the admin surface that only this vendor has, below `/_emulator`, e.g. `/contracts/:id/cancel`. */
  readonly adminRoutes?: readonly Route<State>[];
  /** The vendor's own wording of a refusal that the framework decides. */
  refuse(reason: RefusalReason, request: EmulatorRequest, detail: string): Reply;
  /** Faults that tests name instead of spelling out. */
  readonly faultPresets?: Readonly<Record<string, (fault: Fault, request: EmulatorRequest) => Reply>>;
  /** Last touch on every answer, made by a fault or not: the headers that all answers of the vendor carry. */
  finish?(reply: Reply, request: EmulatorRequest, state: State): Reply;
  readonly webhooks?: WebhookRules;
  /** Bodies above this are refused. */
  readonly bodyBytesMax: number;
}

/** Declares a vendor's emulator; the identity function, for inference. */
export function defineEmulator<State, Seed extends z.ZodType, Limits extends z.ZodType>(
  definition: EmulatorDefinition<State, Seed, Limits>,
): EmulatorDefinition<State, Seed, Limits> {
  return definition;
}
