import type { Pool } from 'pg';
import type { LoggedEvent } from '../../kernel/event.ts';
import type { RejectedEventRow } from '../../store/queries/rejected-events.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Command, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { assertSource } from '../known-names.ts';
import { limitFlag, readLimit } from '../limit-flag.ts';
import type { Output } from '../output.ts';
import { untilStopped } from '../until-stopped.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

// A person who watches does not notice half a second, and the store does not notice the question.
const LOOK_EVERY_MS = 500;

// What arrives between two looks and is more than this comes with the next one.
const PAGE = 1_000;

export const eventsTail: Command = {
  name: 'events tail',
  summary: 'Show the newest events, or with --rejected what ingest refused and why',
  flags: [
    { flag: '--follow', description: 'go on with what comes in, until stopped' },
    { flag: '--rejected', description: 'the events that were refused, with their reasons' },
    { flag: '--source <name>', description: 'only those of this source' },
    limitFlag(20),
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin events tail --follow',
    'linchpin events tail --rejected --limit 5',
    'linchpin events tail --source site --json',
  ],
  run: async (invocation) => {
    await withDeclared(invocation, async ({ pool, workspace }) => {
      const tail = await openTail(invocation, pool, workspace.id);
      const source = textFlag(invocation, 'source');
      const isFound = await tail.showNewest(readLimit(invocation));
      // Events outlive their source, so a name is unknown only when it has none either.
      if (!isFound && source !== undefined) assertSource(workspace, source);
      if (invocation.flags['follow'] !== true) return;
      const stop = new AbortController();
      void untilStopped().then(() => {
        stop.abort();
      });
      while (!stop.signal.aborted) {
        const count = await tail.showNew();
        if (count < PAGE) await systemClock.sleep(LOOK_EVERY_MS, stop.signal);
      }
    });
    return EXIT.ok;
  },
};

interface Tail {
  /** Shows the newest that are there, oldest of them first; false when there is none. */
  showNewest(limit: number): Promise<boolean>;
  /** Shows what came since, and says how many. */
  showNew(): Promise<number>;
}

async function openTail(invocation: Invocation, pool: Pool, workspaceId: number): Promise<Tail> {
  const source = textFlag(invocation, 'source');
  const filter = source === undefined ? {} : { source };
  const { output } = invocation;
  return invocation.flags['rejected'] === true
    ? openRejectedTail(pool, workspaceId, filter, output)
    : openEventTail(pool, workspaceId, filter, output);
}

type SourceFilter = { readonly source?: string };

async function openEventTail(
  pool: Pool,
  workspaceId: number,
  filter: SourceFilter,
  output: Output,
): Promise<Tail> {
  const { findHead, listNewestEvents } = await import('../../store/queries/events.ts');
  const { findEvents } = await import('../../store/queries/find-events.ts');
  const { fromRow } = await import('../../log/index.ts');
  let after = await findHead(pool, workspaceId);
  return {
    showNewest: async (limit) => {
      const rows = await listNewestEvents(pool, workspaceId, filter, after, limit);
      for (const row of [...rows].reverse()) showEvent(fromRow(row), output);
      return rows.length > 0;
    },
    showNew: async () => {
      const events = (await findEvents(pool, workspaceId, filter, after, PAGE)).map(fromRow);
      for (const event of events) showEvent(event, output);
      after = events.at(-1)?.position ?? after;
      return events.length;
    },
  };
}

async function openRejectedTail(
  pool: Pool,
  workspaceId: number,
  filter: SourceFilter,
  output: Output,
): Promise<Tail> {
  const { listRejectedEvents } = await import('../../store/queries/rejected-events.ts');
  let shownId = 0;
  const show = (rows: readonly RejectedEventRow[]): number => {
    for (const row of [...rows].reverse()) showRejected(row, output);
    shownId = rows[0]?.id ?? shownId;
    return rows.length;
  };
  return {
    showNewest: async (limit) => show(await listRejectedEvents(pool, { workspaceId, ...filter, limit })) > 0,
    showNew: async () => {
      const rows = await listRejectedEvents(pool, { workspaceId, ...filter, limit: PAGE });
      return show(rows.filter(({ id }) => id > shownId));
    },
  };
}

function showEvent(event: LoggedEvent, output: Output): void {
  const name = event.name === null ? '' : ` ${event.name}`;
  output.line(`${event.receivedAt}  ${event.source}  ${event.type}${name}  ${event.personKey}  ${event.id}`);
  output.json(event);
}

function showRejected({ receivedAt, body, ...rejected }: RejectedEventRow, output: Output): void {
  const { source, code, field, message } = rejected;
  output.line(
    `${receivedAt.toISOString()}  ${source}  ${code}${field === null ? '' : ` (${field})`}  ${message}`,
  );
  output.json({ ...rejected, receivedAt: receivedAt.toISOString(), body: JSON.parse(body) as unknown });
}
