import type { JsonObject, JsonValue } from '../../../kernel/json.ts';

/** What one mapping of Segment comes to, before it has a name and its trigger. */
export interface Draft {
  readonly action: string;
  readonly map: JsonValue;
  readonly options: JsonObject;
  /** Added to the name when a mapping comes to several. */
  readonly suffix?: string;
  /** What must hold besides the trigger. */
  readonly when?: JsonObject;
}
