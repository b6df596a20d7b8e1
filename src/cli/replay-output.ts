/** How commands show replays. */
import type { Replay } from '../delivery/index.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { Output } from './output.ts';

const ID = /^[1-9]\d{0,15}$/;

export function readReplayId(text = ''): number {
  if (ID.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new LinchpinError('cli.usage', { message: `${text} is not the number of a replay.`, field: 'id' });
}

export function stateOf({ status, isWaiting }: Pick<Replay, 'status' | 'isWaiting'>): string {
  return isWaiting ? 'waiting for an older replay' : status;
}

export function percentOf({ share }: Pick<Replay, 'share'>): string {
  return `${String(Math.floor(share * 100))} %`;
}

/** All that is known of a replay, a line for each. */
export function printReplay(output: Output, replay: Replay): void {
  const { eventCount, eventCountEstimate: total } = replay;
  const left = [
    `${String(replay.deliveredCount)} delivered`,
    `${String(replay.skippedCount)} skipped`,
    `${String(replay.parkedCount)} waiting for another attempt`,
    `${String(replay.failedCount)} failed`,
  ];
  output.line(
    `Replay ${String(replay.id)} to ${replay.connection}: ${stateOf(replay)}, ${percentOf(replay)}`,
  );
  output.line(`  filter     ${filterText(replay)}`);
  output.line(`  limits     ${replay.priority}, up to ${String(replay.rateShare)} of them`);
  output.line(
    `  events     ${String(eventCount)} looked at${total === null ? '' : ` of about ${String(total)}`}`,
  );
  output.line(`  inputs     ${String(replay.inputCount)}: ${left.join(', ')}`);
  if (replay.eventsPerSecond !== null) {
    const rest = replay.restSecondsEstimate;
    const ending = rest === null ? '' : `, about ${durationText(rest)} left`;
    output.line(`  rate       ${replay.eventsPerSecond.toFixed(1)} events/s${ending}`);
  }
  output.line(`  started    ${replay.createdAt}`);
  if (replay.finishedAt !== null) output.line(`  finished   ${replay.finishedAt}`);
}

export function filterText({ filter }: Pick<Replay, 'filter'>): string {
  const parts = Object.entries(filter).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${String(Math.ceil(minutes))} min` : `${(minutes / 60).toFixed(1)} h`;
}
