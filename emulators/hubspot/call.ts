import type { EmulatorRequest } from '../core/index.ts';
import type { ChangeSource } from './objects/change-feed.ts';
import type { Portal } from './portal.ts';
import type { Switches } from './switches.ts';
import type { Token } from './token.ts';

/** One authenticated call as a route sees it. */
export interface Call {
  readonly request: EmulatorRequest;
  readonly portal: Portal;
  readonly token: Token;
  readonly switches: Switches;
  readonly now: number;
  /** Who writes, where it is not the app of the token. */
  readonly source?: ChangeSource;
}
