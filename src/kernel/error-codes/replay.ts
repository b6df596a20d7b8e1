import type { ErrorCatalogue } from './error-entry.ts';

/** What was asked of replays. */
export const REPLAY_ERRORS = {
  'replay.connection_never_read': {
    status: 409,
    title: 'Nothing was ever read for the connection',
    remedy: 'Start linchpin up or linchpin worker with this configuration first.',
  },
  'replay.event_unknown': {
    status: 404,
    title: 'The log has no such event',
    remedy: 'See linchpin events tail for ids; events older than the retention are gone.',
  },
  'replay.flow_unknown': {
    status: 404,
    title: 'The connection has no such flow',
    remedy: 'Use the name of a flow of this connection in linchpin.yaml.',
  },
  'replay.over': {
    status: 409,
    title: 'The replay is over',
    remedy: 'Start another one; linchpin replays show tells what this one did.',
  },
  'replay.share_invalid': {
    status: 400,
    title: 'The share of the rate limit is not above 0 and up to 1',
    remedy: 'Use for example 0.25 for a quarter.',
  },
  'replay.unknown': {
    status: 404,
    title: 'There is no such replay',
    remedy: 'List them with linchpin replays list.',
  },
} as const satisfies ErrorCatalogue;
