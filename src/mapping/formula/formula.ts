/**
 * Formulas in JSONata: checked when the mapping is, then evaluated synchronously within bounds of work, depth and size.
 * Nothing of an event is changed, and nothing but the event is seen.
 */
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { checkSyntax } from './check-syntax.ts';
import type { SyntaxRefusal } from './check-syntax.ts';
import { functionsFor, RANGE, rangeFor } from './functions.ts';
import { isJsonataError, jsonata } from './jsonata.ts';
import type { Expression, SyntaxNode } from './jsonata.ts';
import { chargeRegexTo, SafeRegex } from './safe-regex.ts';
import { toJson } from './to-json.ts';
import { BoundReached, Work } from './work.ts';

export interface Formula {
  /** Throws `FormulaFailed`. Inside, `$` is the item and `$event` the event. */
  evaluate(item: JsonValue, event: JsonObject): JsonValue | undefined;
}

/** Why a formula gave no result; never with a value of the event. */
export class FormulaFailed extends Error {}

// Enough for a page; a program would be in the wrong place.
const LENGTH_MAX = 4_000;

export type CompiledFormula =
  | { readonly ok: true; readonly formula: Formula }
  | { readonly ok: false; readonly refusals: readonly SyntaxRefusal[] };

export function compileFormula(text: string): CompiledFormula {
  if (text.length > LENGTH_MAX) {
    const message = `The formula has more than ${String(LENGTH_MAX)} characters.`;
    return refused({ message, remedy: 'Split it into several fields.' });
  }
  let expression: Expression;
  try {
    expression = jsonata(text, { RegexEngine: SafeRegex });
  } catch (error) {
    return refused(whyNoFormula(error));
  }
  const refusals = checkSyntax(expression.ast());
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, formula: bounded(expression) };
}

function refused(refusal: SyntaxRefusal): CompiledFormula {
  return { ok: false, refusals: [refusal] };
}

function whyNoFormula(error: unknown): SyntaxRefusal {
  const remedy = 'See docs.jsonata.org for the language.';
  if (isJsonataError(error)) {
    // Of the formula itself, which is no secret and no payload.
    const message = error instanceof Error || !('message' in error) ? error.code : String(error.message);
    const refusal = { message: `The formula cannot be read: ${message.replace(/\.?$/, '.')}`, remedy };
    return error.position === undefined ? refusal : { ...refusal, position: error.position };
  }
  if (error instanceof RangeError)
    return { message: 'The formula is nested too deep.', remedy: 'Use fewer brackets.' };
  if (error instanceof SyntaxError) return { message: 'A pattern in the formula cannot be read.', remedy };
  throw error;
}

function bounded(expression: Expression): Formula {
  const work = new Work();
  for (const [name, native] of functionsFor(work)) expression.assign(name, native);
  expression.assign(RANGE, rangeFor(work));
  expression.assign('__evaluate_entry', ({ type }: SyntaxNode, input: unknown) => {
    work.enter();
    // These two walk through all of their input.
    if (type === 'descendant' || type === 'wildcard') work.weigh(input);
  });
  expression.assign(
    '__evaluate_exit',
    (_node: SyntaxNode, _input: unknown, _frame: unknown, result: unknown) => {
      work.leave();
      work.weigh(result);
    },
  );
  return {
    evaluate: (item, event) => {
      work.begin();
      chargeRegexTo(work);
      try {
        return toJson(expression.evaluate(item, { event }));
      } catch (error) {
        throw new FormulaFailed(whyFailed(error));
      }
    },
  };
}

/** JSONata's own messages quote values, so only its code is given, and where in the formula it failed. */
function whyFailed(error: unknown): string {
  if (error instanceof BoundReached) return `The formula was stopped: ${error.message}.`;
  if (error instanceof RangeError) return 'The formula was stopped: it is nested too deep.';
  // A value that is called, or has none of what is asked of it: the library does not foresee all of these.
  if (error instanceof TypeError)
    return 'The formula does something with a value that cannot be done with it.';
  if (!isJsonataError(error)) throw error;
  const at = error.position === undefined ? '' : ` at character ${String(error.position)}`;
  return `The formula failed${at} with JSONata's error ${error.code}${WORDS.get(error.code.slice(0, 1)) ?? ''}.`;
}

/** What the first letter of a code tells (docs.jsonata.org/using-nodejs, 2026-11: S static, T type, D dynamic). */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['T', ': a value is of a kind that does not fit there'],
  ['D', ': a value does not fit there'],
]);
