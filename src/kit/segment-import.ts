/** How a connector takes over what a customer configured in Segment: flows in the words of linchpin.yaml. */
import type { JsonObject, JsonValue } from '../kernel/json.ts';

/** A flow of one's own, without its ends. */
export interface ImportedFlow {
  readonly name: string;
  /** `<connector>/<action>`. */
  readonly action: string;
  /** Absent: every event. */
  readonly when?: JsonObject;
  readonly map: JsonValue;
  readonly options: JsonObject;
}

/** Something that whoever takes the flows over must know. */
export interface ImportRemark {
  /** The name of what was imported. */
  readonly of: string;
  /** Where in it, e.g. `mapping.properties.plan.@liquid`. */
  readonly path: string;
  /** `left_out`: it is not in the flows. `differs`: it is, but does not do the same in every case. */
  readonly kind: 'left_out' | 'differs';
  readonly text: string;
}

export interface ImportedFlows {
  readonly flows: readonly ImportedFlow[];
  readonly remarks: readonly ImportRemark[];
}

/** Takes what Segment exported, as parsed JSON; `undefined` when it holds nothing that can be read. */
export type ImportSegment = (exported: unknown) => ImportedFlows | undefined;
