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
  // cli: what was typed
  'cli.connection_unknown': {
    status: 404,
    title: 'There is no such connection',
    remedy: 'List the connections with linchpin connectors list.',
  },
  'cli.not_found': {
    status: 404,
    title: 'There is nothing with this id',
    remedy: 'List what there is with the list command of the same group.',
  },
  'cli.usage': {
    status: 400,
    title: 'The command was called in a way it does not understand',
    remedy: 'See linchpin <command> --help for options and examples.',
  },
  'cli.workspace_unknown': {
    status: 404,
    title: 'The workspace has never been applied',
    remedy: 'Run linchpin apply, or linchpin up, with this configuration first.',
  },

  // config: linchpin.yaml and the environment
  'config.connection_in_use': {
    status: 409,
    title: 'A connection or flow still holds undelivered events',
    remedy:
      'Deliver, retry or discard them first (linchpin dead-letters list), or apply with --force to drop them.',
  },
  'config.credential_taken': {
    status: 409,
    title: 'Another workspace already uses this credential',
    remedy: 'Give the source a write key or token of its own.',
  },
  'config.duplicate_credential': {
    status: 500,
    title: 'Two sources share one credential',
    remedy: 'Give each source its own write key or token: it is how Linchpin tells their events apart.',
  },
  'config.duplicate_name': {
    status: 500,
    title: 'A name stands twice',
    remedy: 'Rename or remove one of them.',
  },
  'config.environment_invalid': {
    status: 500,
    title: 'An environment variable has a wrong value',
    remedy: 'Correct the variable, or unset it to use the default.',
  },
  'config.file_unreadable': {
    status: 500,
    title: 'The configuration file cannot be read',
    remedy: 'Check the path given with --config and the permissions of the file.',
  },
  'config.flow_mismatch': {
    status: 500,
    title: 'A flow joins things that do not fit',
    remedy: 'Choose a preset for the connector of the connection and for the events of the source.',
  },
  'config.invalid': {
    status: 500,
    title: 'The configuration has several mistakes',
    remedy: 'Correct each line named above.',
  },
  'config.invalid_name': {
    status: 500,
    title: 'A name has characters that names cannot have',
    remedy: 'Use lower-case letters, digits, "-" and "_", beginning with a letter.',
  },
  'config.invalid_value': {
    status: 500,
    title: 'A setting has a value that it cannot have',
    remedy: 'Use one of the values that the message names.',
  },
  'config.missing_key': {
    status: 500,
    title: 'A required setting is missing',
    remedy: 'Add the setting.',
  },
  'config.syntax': {
    status: 500,
    title: 'The configuration file is not valid YAML',
    remedy: 'Correct the place that the message names.',
  },
  'config.unknown_connector': {
    status: 500,
    title: 'There is no such connector',
    remedy: 'Use a connector that linchpin connectors list shows.',
  },
  'config.unknown_key': {
    status: 500,
    title: 'There is no such setting',
    remedy: 'Correct the spelling, or remove the key.',
  },
  'config.unknown_name': {
    status: 500,
    title: 'A flow names a source or connection that does not exist',
    remedy: 'Declare it under sources or connections, or correct the name.',
  },
  'config.unknown_preset': {
    status: 500,
    title: 'There is no such preset',
    remedy: 'Use a preset that linchpin connectors list shows.',
  },
  'config.unknown_source_type': {
    status: 500,
    title: 'There is no such type of source',
    remedy: 'Use one of the types that the message names.',
  },
  'config.variable_malformed': {
    status: 500,
    title: 'A reference to an environment variable is malformed',
    remedy: 'Write ${NAME} or ${NAME:-default}, or $${ for a literal one.',
  },
  'config.variable_unset': {
    status: 500,
    title: 'An environment variable is not set',
    remedy: 'Set the variable, or give a default: ${NAME:-default}.',
  },
  'config.wrong_type': {
    status: 500,
    title: 'A setting has a value of the wrong type',
    remedy: 'Give a value of the type that the message names.',
  },

  // store: PostgreSQL, embedded or external
  'store.lease_lost': {
    status: 500,
    title: 'Another worker has taken over this reader',
    remedy: 'Nothing to do: this worker stops reading and the new owner carries on from the cursor.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
