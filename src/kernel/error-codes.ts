interface ErrorEntry {
  /** The HTTP status when the error reaches a caller over HTTP. */
  readonly status: number;
  readonly title: string;
  /** The general remedy; a thrower may give a more exact one. */
  readonly remedy: string;
}

/**
 * Every code that Linchpin raises, one page each under `docs/errors/<code>.md` (a test compares both ways).
 * Grouped by area, in alphabetical order within it.
 */
export const ERROR_CODES = {
  // config: linchpin.yaml and the environment
  'config.file_unreadable': {
    status: 500,
    title: 'The configuration file cannot be read',
    remedy: 'Check the path given with --config and the permissions of the file.',
  },

  // store: PostgreSQL, embedded or external
  'store.lease_lost': {
    status: 500,
    title: 'Another worker has taken over this reader',
    remedy: 'Nothing to do: this worker stops reading and the new owner carries on from the cursor.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
