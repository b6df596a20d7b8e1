/** Exit codes of the command line; `docs/cli.md` and `linchpin --help` list them. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** The command ran, and what it was asked to do failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** linchpin.yaml or an environment variable is wrong. */
  configuration: 3,
  /** PostgreSQL, the data folder, a port: the surroundings are wrong. */
  environment: 4,
  /** Something was checked and found wanting: a connection, an expectation, a finding of the doctor. */
  checkFailed: 5,
  /** A second signal ended a server process before what was in flight was finished, as a shell reports SIGINT. */
  forced: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
