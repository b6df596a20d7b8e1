/** Every command of `src`, in the order in which help lists them. */
import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { backup } from './backup.ts';
import { check } from './check.ts';
import { connectionsLogin } from './connections-login.ts';
import { connectionsLogout } from './connections-logout.ts';
import { connectorsList } from './connectors-list.ts';
import { connectorsResume } from './connectors-resume.ts';
import { connectorsTest } from './connectors-test.ts';
import { deadLettersDiscard } from './dead-letters-discard.ts';
import { deadLettersList } from './dead-letters-list.ts';
import { deadLettersRetry } from './dead-letters-retry.ts';
import { deadLettersShow } from './dead-letters-show.ts';
import { deliveriesList } from './deliveries-list.ts';
import { deliveriesReplay } from './deliveries-replay.ts';
import { deliveriesShow } from './deliveries-show.ts';
import { doctor } from './doctor.ts';
import { eventsTail } from './events-tail.ts';
import { flowsImportSegment } from './flows-import-segment.ts';
import { flowsTest } from './flows-test.ts';
import { peopleShow } from './people-show.ts';
import { replaysCancel } from './replays-cancel.ts';
import { replaysList } from './replays-list.ts';
import { replaysPause } from './replays-pause.ts';
import { replaysResume } from './replays-resume.ts';
import { replaysShow } from './replays-show.ts';
import { restore } from './restore.ts';
import { up } from './up.ts';
import { worker } from './worker.ts';

export const commands: readonly Command[] = [
  up,
  worker,
  apply,
  check,
  connectorsList,
  connectorsTest,
  connectorsResume,
  connectionsLogin,
  connectionsLogout,
  flowsTest,
  flowsImportSegment,
  eventsTail,
  deliveriesList,
  deliveriesShow,
  deliveriesReplay,
  replaysList,
  replaysShow,
  replaysPause,
  replaysResume,
  replaysCancel,
  peopleShow,
  deadLettersList,
  deadLettersShow,
  deadLettersRetry,
  deadLettersDiscard,
  doctor,
  backup,
  restore,
];
