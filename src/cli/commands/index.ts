/** Every command of `src`, in the order in which help lists them. */
import type { Command } from '../command.ts';
import { connectorsTest } from './connectors-test.ts';
import { deadLettersDiscard } from './dead-letters-discard.ts';
import { deadLettersList } from './dead-letters-list.ts';
import { deadLettersRetry } from './dead-letters-retry.ts';
import { deliveriesList } from './deliveries-list.ts';
import { deliveriesReplay } from './deliveries-replay.ts';
import { deliveriesShow } from './deliveries-show.ts';

export const commands: readonly Command[] = [
  connectorsTest,
  deliveriesList,
  deliveriesShow,
  deliveriesReplay,
  deadLettersList,
  deadLettersRetry,
  deadLettersDiscard,
];
