import type { Outcome } from '../../../kernel/outcome.ts';
import type { Steps } from '../../../kit/index.ts';
import type { LinkVerdict } from '../associations/link.ts';
import { linkRecords } from '../associations/link-records.ts';
import { waitForRecord } from '../wait-for-record.ts';
import { fingerprint } from './fingerprint.ts';
import { KnownRecords } from './known-records.ts';
import type { KnownRecord } from './known-records.ts';
import type { UpsertContext } from './record-context.ts';
import type { InputAssociation } from './record-input.ts';
import { refKey } from './record-ref.ts';
import type { Subject } from './draft.ts';
import type { Settled } from './write-rounds.ts';

// No property can have this name, so it cannot be taken for one.
const LINKS = '->';

/**
 * Associates the records that were written, or were there already, in the same delivery: one outcome per subject. What
 * was associated last time is not sent again. A failed association never takes the write along: it is tried again
 * with the input, whose values then cost no call, or noted.
 */
export function* linkUpserted(
  subjects: readonly Subject[],
  settled: ReadonlyMap<string, Settled>,
  context: UpsertContext,
): Steps<readonly (Outcome | undefined)[]> {
  const wishes = subjects.flatMap((subject) => {
    const { item } = subject;
    const associations = item.input.associations ?? [];
    const end = settled.get(item.traceId);
    if (associations.length === 0 || 'refused' in subject) return [];
    if (end?.id === undefined || end.outcome.kind !== 'delivered') return [];
    const { type } = subject;
    const known = KnownRecords.of(context.cache, type);
    const print = printOf(associations);
    if (isLinked(associations, known.find(end.id, context.nowMs))) return [];
    return [{ item, type, id: end.id, associations, print, known }];
  });
  const links = wishes.flatMap(({ type, id, associations }) =>
    associations.map((association) => ({ from: { type, by: 'id', value: id }, ...association })),
  );
  const verdicts = links.length === 0 ? [] : yield* linkRecords(links, context);
  const outcomes = new Map<string, Outcome>();
  let at = 0;
  for (const { item, id, associations, print, known } of wishes) {
    const own = verdicts.slice(at, at + associations.length);
    at += associations.length;
    const before = settled.get(item.traceId)?.outcome;
    if (before?.kind !== 'delivered') continue;
    if (own.every(({ kind }) => kind === 'linked')) known.correct(id, LINKS, print);
    outcomes.set(item.traceId, withLinks(before, own, item.attempt, context.options.wait_attempts));
  }
  return subjects.map(({ item }) => outcomes.get(item.traceId) ?? settled.get(item.traceId)?.outcome);
}

/** Whether a record was associated with all of these, and no others, last time. */
export function isLinked(associations: readonly InputAssociation[], known: KnownRecord | undefined): boolean {
  return associations.length === 0 || known?.packed(LINKS) === printOf(associations);
}

function printOf(associations: readonly InputAssociation[]): string {
  return fingerprint(associations.map(textOf).join('\n'));
}

function textOf({ to, label }: InputAssociation): string {
  return `${refKey(to)} ${label ?? ''}`;
}

function withLinks(
  delivered: Extract<Outcome, { kind: 'delivered' }>,
  verdicts: readonly LinkVerdict[],
  attempt: number,
  waitAttempts: number,
): Outcome {
  const notes: string[] = [];
  for (const verdict of verdicts) {
    if (verdict.kind === 'linked') continue;
    const outcome =
      verdict.kind === 'missing' ? waitForRecord(attempt, waitAttempts, verdict.fault) : verdict.outcome;
    if (outcome.kind === 'retry') return outcome;
    if (outcome.kind === 'rejected') notes.push(`Not associated: ${outcome.fault.message}`);
  }
  return notes.length === 0 ? delivered : { ...delivered, notes: [...(delivered.notes ?? []), ...notes] };
}
