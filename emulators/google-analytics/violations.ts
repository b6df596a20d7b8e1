/** The validation codes of the debug endpoint: .../protocol/ga4/validating-events#validation_code (read 2026-11). */
export type ValidationCode =
  | 'VALUE_INVALID'
  | 'VALUE_REQUIRED'
  | 'NAME_INVALID'
  | 'NAME_RESERVED'
  | 'VALUE_OUT_OF_BOUNDS'
  | 'EXCEEDED_MAX_ENTITIES'
  | 'INTERNAL_ERROR';

/** One entry of `validationMessages`. */
export interface Violation {
  /** Absent where a value could not be converted at all. */
  readonly fieldPath?: string;
  readonly description: string;
  readonly validationCode: ValidationCode;
}

/** Collects what is wrong with one hit. */
export class Violations {
  readonly found: Violation[] = [];

  add(validationCode: ValidationCode, fieldPath: string, description: string): void {
    this.found.push({ fieldPath, description, validationCode });
  }

  /** The message about a value that cannot be converted carries no path (seen in an issue report, 2026-11). */
  addInternal(description: string): void {
    this.found.push({ description, validationCode: 'INTERNAL_ERROR' });
  }
}
