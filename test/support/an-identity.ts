/** What a worker of a test says of itself; its name begins the ids under which it owns shards. */
export const AN_IDENTITY = {
  host: 'here',
  pid: 1,
  processMark: 'none',
  role: 'worker',
  version: '0',
} as const;
