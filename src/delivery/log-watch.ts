/**
 * Looks whether the log has grown, in case the signal that should have said so was lost: one question per workspace and
 * process, however many readers wait.
 */
import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';
import type { Position } from '../kernel/event.ts';
import type { EventLog } from '../log/index.ts';

export interface LogWatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logOf: (workspaceId: number) => EventLog;
  /** The workspaces for which there are readers now. */
  readonly workspaceIds: () => ReadonlySet<number>;
  readonly onGrown: (workspaceId: number) => void;
}

// A signal is lost when a process dies between its commit and its NOTIFY; a second is what such events wait.
const EVERY_MS = 1_000;

export class LogWatch {
  readonly #options: LogWatchOptions;
  readonly #heads = new Map<number, Position>();

  constructor(options: LogWatchOptions) {
    this.#options = options;
  }

  /** The newest event of the workspace at the last look. */
  headOf(workspaceId: number): Position | undefined {
    return this.#heads.get(workspaceId);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, workspaceIds } = this.#options;
    while (!signal.aborted) {
      try {
        for (const workspaceId of workspaceIds()) await this.#look(workspaceId);
      } catch (error) {
        logger.warn({ err: error }, 'delivery.head_failed');
      }
      await clock.sleep(EVERY_MS, signal);
    }
  }

  async #look(workspaceId: number): Promise<void> {
    const head = await this.#options.logOf(workspaceId).head();
    if (head === this.#heads.get(workspaceId)) return;
    this.#heads.set(workspaceId, head);
    this.#options.onGrown(workspaceId);
  }
}
