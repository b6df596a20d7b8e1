import type { AnyConnector, AnyPreset } from '../kit/index.ts';
import type { Condition } from '../mapping/index.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { JsonObject, JsonValue } from '../kernel/json.ts';

/**
 * What linchpin.yaml declares, after validation and before it is stored: settings still as written, secrets
 * set apart so that they can be sealed.
 */
export interface WorkspaceDefinition {
  readonly name: string;
  readonly sources: readonly SourceDefinition[];
  readonly connections: readonly ConnectionDefinition[];
  readonly flows: readonly FlowDefinition[];
}

export interface SourceDefinition {
  readonly name: string;
  readonly type: string;
  readonly settings: JsonObject;
  readonly secrets: JsonObject;
  /** The write key or bearer token that senders present. */
  readonly credential: string;
}

export interface ConnectionDefinition {
  readonly name: string;
  readonly connector: string;
  /** The defaults when absent. */
  readonly delivery?: DeliverySettings;
  readonly settings: JsonObject;
  readonly secrets: JsonObject;
}

/** How a connection is read, whatever its connector. */
export interface DeliverySettings {
  /** Readers that share the connection's events by person; 1 keeps all of it in order. */
  readonly shards: number;
  readonly retry: RetrySchedule;
}

/** When failed inputs are tried again: exponential backoff with full jitter. */
export interface RetrySchedule {
  /** After this many attempts an input becomes a dead letter. */
  readonly attemptsMax: number;
  /** The longest possible wait after the first attempt; each further one is `factor` times as long. */
  readonly firstWaitMs: number;
  readonly factor: number;
}

/**
 * One reader, and ten attempts: 2 s, 8 s, 32 s … 36 h as upper bounds. Full jitter takes half of each on average,
 * which adds up to 24 hours, the time over which HubSpot too repeats its own webhooks.
 */
export const DEFAULT_DELIVERY: DeliverySettings = {
  shards: 1,
  retry: { attemptsMax: 10, firstWaitMs: 2_000, factor: 4 },
};

/** The settings as they are stored; a connection from before there were any has none. */
export function toDeliverySettings(stored: object): DeliverySettings {
  return { ...DEFAULT_DELIVERY, ...stored };
}

/** Either has a preset, or an action with a mapping of its own. */
export interface FlowDefinition {
  readonly name: string;
  readonly preset?: string;
  /** `<connector>/<action>`. */
  readonly action?: string;
  readonly from: string;
  readonly to: string;
  /** A condition on top of the preset's, as written (src/mapping); every event when absent. */
  readonly when?: JsonValue;
  /** The mapping that goes with `action`, as written. */
  readonly map?: JsonValue;
  readonly options: JsonObject;
  /** None when absent. */
  readonly consent?: readonly string[];
}

/** A workspace as a worker runs it: read from the store, secrets unsealed, everything parsed by its schema. */
export interface Workspace {
  readonly id: number;
  readonly name: string;
  readonly connections: readonly Connection[];
}

export interface Connection {
  readonly workspaceId: number;
  /** The name of its workspace. */
  readonly workspace: string;
  readonly name: string;
  /** Changes whenever settings, secrets or flows do: a reader with another revision must start anew. */
  readonly revision: string;
  /**
   * True when the operator wrote an address in place of the vendor's (`base_url`, `api_url`), which may then be private,
   * or said so (`allow_private_addresses`).
   */
  readonly allowsPrivateAddresses: boolean;
  readonly connector: AnyConnector;
  readonly delivery: DeliverySettings;
  /** Output of the connector's settings schema; secrets are `Redacted`. */
  readonly settings: unknown;
  readonly suspended: { readonly fault: Fault; readonly at: string } | null;
  readonly flows: readonly Flow[];
}

export interface Flow {
  readonly name: string;
  /** One that ships with a connector, or one that was made of the flow's own mapping (own-flow.ts). */
  readonly preset: AnyPreset;
  /** Which of the preset's events it takes; all when absent. */
  readonly condition?: Condition;
  /** The name of the source whose events it takes. */
  readonly source: string;
  /** Output of the action's options schema: the preset's options under the flow's own. */
  readonly options: unknown;
  /** The flow's own mapping as written, where it has one instead of a preset of the connector's. */
  readonly map?: JsonValue;
  /** Categories of consent that an event with a consent object must have; none when absent. */
  readonly consent?: readonly string[];
}
