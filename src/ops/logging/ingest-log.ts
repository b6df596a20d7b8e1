/** Writes down when ingest turns senders away because of its own state; what senders do wrong is counted, not logged. */
import type { IngestObserver } from '../../ingest/index.ts';
import type { LineLimiter } from './line-limiter.ts';

export function makeIngestLog(lines: LineLimiter): IngestObserver {
  return {
    answered: ({ status, code, route }) => {
      if (code === undefined || (status !== 429 && status < 500)) return;
      lines.write({
        level: 'warn',
        event: 'ingest.turned_away',
        about: { code },
        details: { status, route },
      });
    },
    accepted: () => undefined,
    rejected: () => undefined,
  };
}
