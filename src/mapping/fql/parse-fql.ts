/**
 * Segment's filter query language as a condition. What it does not know it refuses with the position, rather than
 * letting events through that the text would have kept out.
 */
import type { JsonValue } from '../../kernel/json.ts';
import type { Condition, ConditionTree } from '../conditions/condition.ts';
import { parseCondition } from '../conditions/parse-condition.ts';
import type { Parsed } from '../problem.ts';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

class Refusal extends Error {
  readonly remedy: string;

  constructor(at: number, message: string, remedy: string) {
    super(`At character ${String(at)}: ${message}`);
    this.remedy = remedy;
  }
}

export function parseFql(fql: string): Parsed<Condition> {
  try {
    return parseCondition(new Parser(tokensOf(fql)).whole());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const problem = { path: '', steps: [], message: error.message, remedy: error.remedy };
    return { ok: false, problems: [problem] };
  }
}

// The operators that Segment's mapping editor offers by name, beside those with signs.
const WORD_OPERATORS = new Set([
  'contains',
  'not_contains',
  'starts_with',
  'not_starts_with',
  'ends_with',
  'not_ends_with',
  'number_equals',
  'number_not_equals',
]);
const WORDS_ALONE = new Set(['exists', 'not_exists', 'is_true', 'is_false']);
const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ['<', 'less_than'],
  ['<=', 'at_most'],
  ['>', 'more_than'],
  ['>=', 'at_least'],
]);
const JOINS = new Set(['and', 'or', 'not']);

// As deep as conditions go (parse-condition.ts).
const DEPTH_MAX = 32;

class Parser {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): ConditionTree {
    const tree = this.#any();
    const rest = this.#next();
    if (rest.kind !== 'end') throw unexpected(rest, 'Join conditions with "and" or "or".');
    return tree;
  }

  #any(): ConditionTree {
    const parts = [this.#all()];
    while (this.#skip('path', 'or')) parts.push(this.#all());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { any: parts };
  }

  #all(): ConditionTree {
    const parts = [this.#one()];
    while (this.#skip('path', 'and')) parts.push(this.#one());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { all: parts };
  }

  #one(): ConditionTree {
    const token = this.#next();
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX)
      throw new Refusal(token.at, 'This is nested too deep.', 'Use fewer brackets.');
    const tree = this.#oneFrom(token);
    this.#depth -= 1;
    return tree;
  }

  #oneFrom(token: Token): ConditionTree {
    if (isMark(token, '!')) return { not: this.#one() };
    if (isMark(token, '(')) {
      const tree = this.#any();
      this.#expectMark(')');
      return tree;
    }
    if (token.kind !== 'path' || JOINS.has(token.text)) {
      throw unexpected(token, 'A condition begins with a field such as event or properties.total.');
    }
    return isMark(this.#peek(), '(') ? this.#call(token) : this.#comparison(token.text);
  }

  #comparison(path: string): ConditionTree {
    const operator = this.#next();
    if (operator.kind === 'path' && WORDS_ALONE.has(operator.text)) return { path, [operator.text]: true };
    if (operator.kind === 'path' && WORD_OPERATORS.has(operator.text)) {
      return { path, [operator.text]: this.#literal() };
    }
    const comparison = operator.kind === 'mark' ? COMPARISONS.get(operator.text) : undefined;
    if (comparison !== undefined) return { path, [comparison]: this.#literal() };
    if (isMark(operator, '=') || isMark(operator, '!='))
      return equality(path, operator.text, this.#literal());
    throw unexpected(
      operator,
      `Operators are = != < <= > >= ${[...WORD_OPERATORS, ...WORDS_ALONE].join(' ')}.`,
    );
  }

  /** `contains(field, "text")` and `match(field, "text*")`, the two functions in which Segment writes its operators. */
  #call(name: Token): ConditionTree {
    if (name.text !== 'contains' && name.text !== 'match') {
      throw new Refusal(
        name.at,
        `The function ${name.text} is not known.`,
        'Functions are contains(field, "text") and match(field, "text*").',
      );
    }
    this.#expectMark('(');
    const field = this.#next();
    if (field.kind !== 'path') throw unexpected(field, 'The first argument is a field.');
    this.#expectMark(',');
    const text = this.#next();
    if (text.kind !== 'text') throw unexpected(text, 'The second argument is a text in quotes.');
    this.#expectMark(')');
    return name.text === 'contains' ? { path: field.text, contains: text.text } : matchOf(field.text, text);
  }

  #literal(): JsonValue {
    const token = this.#next();
    if (token.kind === 'text') return token.text;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'path' && token.text === 'null') return null;
    if (token.kind === 'path' && (token.text === 'true' || token.text === 'false'))
      return token.text === 'true';
    throw unexpected(token, 'Compare with a text in quotes, a number, true, false or null.');
  }

  #peek(): Token {
    const token = this.#tokens[this.#index] ?? this.#tokens.at(-1);
    if (token === undefined) throw new TypeError('There are no tokens, not even the end.');
    return token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#index += 1;
    return token;
  }

  #skip(kind: Token['kind'], text: string): boolean {
    const token = this.#peek();
    const isIt = token.kind === kind && token.text === text;
    if (isIt) this.#index += 1;
    return isIt;
  }

  #expectMark(mark: string): void {
    const token = this.#next();
    if (!isMark(token, mark)) throw unexpected(token, `Expected "${mark}".`);
  }
}

/** `= null` asks for absence and `= 5` for the number, as Segment's own texts mean it; `= "5"` is the text. */
function equality(path: string, operator: string, literal: JsonValue): ConditionTree {
  const isEqual = operator === '=';
  if (literal === null) return { path, exists: !isEqual };
  if (typeof literal === 'number')
    return { path, [isEqual ? 'number_equals' : 'number_not_equals']: literal };
  return { path, [isEqual ? 'equals' : 'not_equals']: literal };
}

/** A pattern with its stars at the ends; Segment's editor writes no others. */
function matchOf(path: string, { text: pattern, at }: Token): ConditionTree {
  const match = /^(\*?)([^*?\\[\]]+)(\*?)$/.exec(pattern);
  const [, before, text, after] = match ?? [];
  if (before === undefined || text === undefined) {
    throw new Refusal(
      at,
      'This pattern is not known.',
      'Patterns are "text*", "*text" and "*text*", without further signs of a pattern.',
    );
  }
  if (before === '') return { path, [after === '' ? 'equals' : 'starts_with']: text };
  return { path, [after === '' ? 'ends_with' : 'contains']: text };
}

function isMark({ kind, text }: Token, mark: string): boolean {
  return kind === 'mark' && text === mark;
}

function unexpected({ kind, text, at }: Token, remedy: string): Refusal {
  return new Refusal(
    at,
    kind === 'end' ? 'the text ends too early.' : `"${text}" does not belong here.`,
    remedy,
  );
}
