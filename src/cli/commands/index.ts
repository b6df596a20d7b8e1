/** Every command of `src`, in the order in which help lists them. */
import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { check } from './check.ts';
import { connectorsTest } from './connectors-test.ts';
import { deadLettersDiscard } from './dead-letters-discard.ts';
import { deadLettersList } from './dead-letters-list.ts';
import { deadLettersRetry } from './dead-letters-retry.ts';
import { deliveriesList } from './deliveries-list.ts';
import { deliveriesReplay } from './deliveries-replay.ts';
import { deliveriesShow } from './deliveries-show.ts';
import { up } from './up.ts';

export const commands: readonly Command[] = [
  up,
  apply,
  check,
  connectorsTest,
  deliveriesList,
  deliveriesShow,
  deliveriesReplay,
  deadLettersList,
  deadLettersRetry,
  deadLettersDiscard,
];
