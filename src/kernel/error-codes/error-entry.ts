export interface ErrorEntry {
  /** The HTTP status when the error reaches a caller over HTTP. */
  readonly status: number;
  readonly title: string;
  /** The general remedy; a thrower may give a more exact one. */
  readonly remedy: string;
}

/** Errors of one area by their codes, `<area>.<snake_case>`, in alphabetical order. */
export type ErrorCatalogue = Readonly<Record<string, ErrorEntry>>;
