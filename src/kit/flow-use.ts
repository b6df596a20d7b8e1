import type { JsonValue } from '../kernel/json.ts';
import type { AnyPreset } from './preset.ts';

/** A flow of a connection, as far as it decides what the connection must be allowed to do at the vendor. */
export interface FlowUse {
  /** With the id `<connector>/<action>` for a flow that has a mapping of its own. */
  readonly preset: Pick<AnyPreset, 'id' | 'action'>;
  /** Output of the schema of the action's options. */
  readonly options: unknown;
  /** The flow's own mapping as written; absent for a preset that ships with the connector. */
  readonly map?: JsonValue;
}
