import { z } from 'zod';
import type { EmulatorClock } from './clock.ts';
import { fitsPathPattern } from './path-pattern.ts';

/** What a script of faults says: which calls, how many or how long, and what happens to them. */
export const faultSchema = z
  .strictObject({
    id: z.string().min(1).optional(),
    method: z.string().optional(),
    /** A path in which `*` stands for any text; every path when absent. */
    path: z.string().optional(),
    /** Text that the body must hold, to hit the call that carries one record. */
    bodyIncludes: z.string().optional(),
    /** Lets this many matching calls pass first. */
    skip: z.int().nonnegative().default(0),
    /** The next n matching calls. Without `times` and `forMs`: until it is removed. */
    times: z.int().positive().optional(),
    /** Matching calls within this span of the emulator's time. */
    forMs: z.int().positive().optional(),
    /** `before`: the call is not carried out. `after`: it is, and only its answer is lost or replaced. */
    when: z.enum(['before', 'after']).default('before'),
    /** A fault that the vendor's emulator knows by name, such as HubSpot's `locked`. */
    preset: z.string().optional(),
    status: z.int().min(200).max(599).optional(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Cuts the connection without an answer. */
    reset: z.literal(true).optional(),
    /** Answers as a vendor that is down. */
    unavailable: z.literal(true).optional(),
    /** Waits before anything else, on the emulator's clock. */
    delayMs: z.int().positive().optional(),
    /** Sends the answer's body in ten pieces over this time of the emulator's clock. */
    slowBodyMs: z.int().positive().optional(),
  })
  .refine(
    (fault) =>
      [fault.preset, fault.status, fault.reset, fault.unavailable].filter((given) => given !== undefined)
        .length <= 1,
    'give at most one of preset, status, reset, unavailable',
  )
  .refine(
    (fault) =>
      [fault.preset, fault.status, fault.reset, fault.unavailable, fault.delayMs, fault.slowBodyMs].some(
        (given) => given !== undefined,
      ),
    'give one of preset, status, reset, unavailable, delayMs, slowBodyMs',
  );

export type FaultInput = z.input<typeof faultSchema>;
export type Fault = z.output<typeof faultSchema> & { readonly id: string };

/** A fault as `GET /_emulator/faults` lists it. */
export interface FaultStatus extends Fault {
  readonly hits: number;
}

interface Armed {
  readonly fault: Fault;
  readonly until: number;
  hits: number;
  seen: number;
}

/** The faults in force. The oldest that matches a call takes it, so that scripts play in the order given. */
export class FaultPlan {
  readonly #clock: EmulatorClock;
  #armed: Armed[] = [];
  #nextId = 1;

  constructor(clock: EmulatorClock) {
    this.#clock = clock;
  }

  add(input: FaultInput): Fault {
    const parsed = faultSchema.parse(input);
    const fault: Fault = { ...parsed, id: parsed.id ?? `fault-${this.#nextId++}` };
    const until = fault.forMs === undefined ? Infinity : this.#clock.now() + fault.forMs;
    this.#armed.push({ fault, until, hits: 0, seen: 0 });
    return fault;
  }

  /** The fault that this call meets, if any; using it counts as a hit. */
  take(call: { readonly method: string; readonly path: string; readonly body: Buffer }): Fault | undefined {
    if (this.#armed.length === 0) return undefined;
    const now = this.#clock.now();
    this.#armed = this.#armed.filter((armed) => armed.until > now && !isSpent(armed));
    for (const armed of this.#armed) {
      if (!isHit(armed.fault, call)) continue;
      armed.seen += 1;
      if (armed.seen <= armed.fault.skip) continue;
      armed.hits += 1;
      return armed.fault;
    }
    return undefined;
  }

  list(): FaultStatus[] {
    const now = this.#clock.now();
    return this.#armed
      .filter((armed) => armed.until > now && !isSpent(armed))
      .map((armed) => ({ ...armed.fault, hits: armed.hits }));
  }

  remove(id: string): boolean {
    const before = this.#armed.length;
    this.#armed = this.#armed.filter((armed) => armed.fault.id !== id);
    return this.#armed.length < before;
  }

  clear(): void {
    this.#armed = [];
  }
}

function isSpent(armed: Armed): boolean {
  return armed.fault.times !== undefined && armed.hits >= armed.fault.times;
}

function isHit(
  fault: Fault,
  call: { readonly method: string; readonly path: string; readonly body: Buffer },
): boolean {
  return (
    (fault.method === undefined || fault.method.toUpperCase() === call.method) &&
    (fault.path === undefined || fitsPathPattern(fault.path, call.path)) &&
    (fault.bodyIncludes === undefined || call.body.includes(fault.bodyIncludes))
  );
}
