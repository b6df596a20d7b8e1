/** Whether a condition holds for a document, and if not, which part of it is why. Pure. */
import type { JsonValue } from '../../kernel/json.ts';
import { valueAt } from '../path.ts';
import { formatSteps } from '../problem.ts';
import type { Steps } from '../problem.ts';
import type { Check, Condition } from './condition.ts';

/** `nowMs` is what "within last" and the like count from. */
export function evaluate({ check }: Condition, document: JsonValue, nowMs: number): boolean {
  return holdsFor(check, document, nowMs);
}

/** `event` is what paths behind `$$` begin at; the document itself, unless it is a part of one. */
export function holdsFor(
  check: Check,
  document: JsonValue,
  nowMs: number,
  event: JsonValue = document,
): boolean {
  switch (check.kind) {
    case 'all':
      return check.checks.every((each) => holdsFor(each, document, nowMs, event));
    case 'any':
      return check.checks.some((each) => holdsFor(each, document, nowMs, event));
    case 'not':
      return !holdsFor(check.check, document, nowMs, event);
    case 'leaf':
      return check.holds(valueAt(check.path.isFromEvent ? event : document, check.path.steps), nowMs);
  }
}

/** Why a condition does not hold. */
export interface Failure {
  /** Where it stands in the condition: `all[1].any[0]`; empty when it is the whole. */
  readonly at: string;
  /** What was asked: `properties.total at_least 10`, behind `not` where it is to fail. */
  readonly asked: string;
  /** The kind of value that was seen: `nothing`, `null`, `text`, `a number`. */
  readonly kind: string;
  /** The value itself; it is of the event, and not for records or logs. */
  readonly value: JsonValue | undefined;
}

/**
 * The leaves that keep a condition from holding, empty when it holds: the first that fails of an `all`, every one of
 * an `any`.
 */
export function explain({ check }: Condition, document: JsonValue, nowMs: number): readonly Failure[] {
  return failuresOf(check, document, nowMs, true, []);
}

/** What keeps `check` from being `wanted`; the part of a `not` is wanted not to hold. */
function failuresOf(
  check: Check,
  document: JsonValue,
  nowMs: number,
  wanted: boolean,
  steps: Steps,
): readonly Failure[] {
  if (holdsFor(check, document, nowMs) === wanted) return [];
  if (check.kind === 'not') return failuresOf(check.check, document, nowMs, !wanted, [...steps, 'not']);
  if (check.kind === 'leaf') {
    const value = valueAt(document, check.path.steps);
    const asked = `${check.path.text} ${check.operator} ${JSON.stringify(check.operand)}`;
    return [{ at: formatSteps(steps), asked: wanted ? asked : `not ${asked}`, kind: kindOf(value), value }];
  }
  const failures = check.checks.map((each, index) =>
    failuresOf(each, document, nowMs, wanted, [...steps, check.kind, index]),
  );
  // One failing part is enough to fail an "all", and one that holds to fail a denied "any".
  const isOneEnough = (check.kind === 'all') === wanted;
  return isOneEnough ? (failures.find(({ length }) => length > 0) ?? []) : failures.flat();
}

/** The kind of a value, which gives nothing of it away. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'empty text';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'a number' : 'true or false';
}
