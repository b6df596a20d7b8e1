/**
 * Classes of PostgreSQL advisory locks, the first of their two keys, so that locks for different purposes
 * never meet. They hold per database.
 */
export const LOCK_CLASSES = {
  /** Appending to the log of a workspace; the second key is its id. Written out in migration 0001. */
  log: 1,
  /** Applying migrations, and restoring a backup; the second key is 0. */
  migrations: 2,
  /** Making and dropping partitions; the second key is 0. */
  maintenance: 3,
} as const;
