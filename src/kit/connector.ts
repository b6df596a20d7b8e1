import type { z } from 'zod';
import type { AnyAction } from './action.ts';
import type { Auth } from './auth.ts';
import type { Call, CallResponse, Steps } from './call.ts';
import type { DescribeFailure, FailureRule } from './failures.ts';
import type { FlowUse } from './flow-use.ts';
import type { Limit } from './limits.ts';
import type { AnyPreset } from './preset.ts';
import type { ImportSegment } from './segment-import.ts';
import type { Webhooks } from './webhooks.ts';

/** One line of `linchpin connectors test`. */
export interface CheckLine {
  readonly ok: boolean;
  readonly text: string;
  /** What to do when it is not ok. */
  readonly remedy?: string;
}

/** A question that `linchpin connectors test` asks the vendor; without I/O, like an action. */
export interface Check<Settings> {
  readonly title: string;
  readonly run: (context: {
    readonly settings: Settings;
    /** Those that end in the connection. */
    readonly flows: readonly FlowUse[];
    /** The scopes of the login; undefined for a connection without one, or when the vendor does not tell. */
    readonly granted?: readonly string[] | undefined;
  }) => Steps<readonly CheckLine[]>;
}

/** A connector that is also a source: events come in by HTTP, and an action completes them. */
export interface SourceRole {
  readonly accepts: 'subscriber-events';
  /** The action that turns raw events of this source into derived ones, run by the preset of this id. */
  readonly resolve: string;
}

/** All that Linchpin knows about a service: data and pure functions. The engine does the rest. */
export interface Connector<SettingsSchema extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  readonly title: string;
  /** Fields made with `secret()` are sealed at rest and redacted everywhere. */
  readonly settings: SettingsSchema;
  readonly auth: (settings: z.output<SettingsSchema>) => Auth;
  readonly http: {
    readonly baseUrl: (settings: z.output<SettingsSchema>) => string;
    /** Other addresses of the vendor that calls may name, for parts of its API that live on a host of their own. */
    readonly bases?: Readonly<Record<string, (settings: z.output<SettingsSchema>) => string>>;
    readonly limits: (settings: z.output<SettingsSchema>) => readonly Limit[];
    readonly failures: readonly FailureRule[];
    readonly describeFailure?: DescribeFailure;
    /** How long one call may take, all told. */
    readonly timeoutMs: number;
    /** How many batches may be in flight at once. */
    readonly concurrent: number;
    /**
     * A connection of which every call has failed for this long is suspended until a human looks at it, with a fault that
     * says so. Absent: it is tried for ever. A vendor that says outright that it wants no more, as 410 does (RFC 9110
     * section 15.5.11), suspends at once by a row of `failures`.
     */
    readonly disableAfterMs?: number;
    /** How much of an answer is read, for a vendor whose body proves nothing; the rest is cut off. */
    readonly answerBytes?: number;
  };
  /** The names under which a Segment `integrations` object addresses this connector, exact case. */
  readonly integrationNames: readonly string[];
  readonly checks: readonly Check<z.output<SettingsSchema>>[];
  readonly actions: Readonly<Record<string, AnyAction>>;
  readonly presets: readonly AnyPreset[];
  readonly source?: SourceRole;
  /** What the vendor tells of changes in it, at /webhooks/<connection>. */
  readonly webhooks?: Webhooks<z.output<SettingsSchema>>;
  /**
   * What an account that has everything an input names, and no record of it yet, would answer to a read; `undefined`
   * for calls that change something, and for answers that cannot be guessed. Previews go on with it.
   */
  readonly assume?: (call: Call, input: unknown) => CallResponse | undefined;
  /** Takes over what was configured in Segment for its destination of this service. */
  readonly importSegment?: ImportSegment;
}

// As for AnyAction: settings stand in contravariant places.
// eslint-disable-next-line typescript/no-explicit-any -- see above
export type AnyConnector = Omit<Connector<any>, 'settings'> & { readonly settings: z.ZodObject };

/** Defines a connector with the types of its settings inferred. */
export function defineConnector<SettingsSchema extends z.ZodObject>(
  connector: Connector<SettingsSchema>,
): Connector<SettingsSchema> {
  return connector;
}
