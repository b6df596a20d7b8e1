/**
 * What happens to a connection is an event in the log like any other: its source is the connection, and flows may
 * take it, to tell a human for example.
 */
import { makeId } from '../kernel/ids.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { ReaderParts } from './reader-parts.ts';

export type ConnectionEventName = 'suspended' | 'resumed' | 'vendor down' | 'vendor back';

/** Appends the event. That it could not be stored is only logged: the state itself is kept elsewhere. */
export async function announce(
  {
    log,
    clock,
    connection,
    key,
    logger,
  }: Pick<ReaderParts, 'log' | 'clock' | 'connection' | 'key' | 'logger'>,
  name: ConnectionEventName,
  fault?: Fault,
): Promise<void> {
  const now = clock.now();
  const at = new Date(now).toISOString();
  const payload = {
    connection: connection.name,
    shard: key.shard,
    ...(fault === undefined ? {} : { fault }),
  };
  try {
    await log.append([
      {
        id: makeId('connection', now),
        source: connection.name,
        type: 'connection',
        name,
        personKey: '',
        occurredAt: at,
        receivedAt: at,
        body: JSON.stringify(payload),
      },
    ]);
  } catch (error) {
    logger.warn({ err: error, event: name }, 'delivery.announce_failed');
  }
}
