/** Regular expressions in time that grows with the text and not beyond, whatever the pattern: RE2's, in JavaScript. */
import { RE2JS, RE2JSException } from 're2js';
import type { RegexEngine, RegexMatch } from './jsonata.ts';
import type { Work } from './work.ts';

// Instructions of a compiled pattern; each character may have to look at all of them. Patterns that people write have
// a few dozen, x{1000} has a thousand.
const INSTRUCTIONS_MAX = 500;

// Each character costs as much as some instructions, and each instruction again; so many of them take the time of one
// unit of work (decisions/0009).
const INSTRUCTIONS_PER_CHARACTER = 24;
const INSTRUCTIONS_PER_UNIT = 64;

const compiled = new WeakMap<RegExp, RE2JS>();

/** Compiles a pattern of a formula once and for all; the reason when that cannot be done. */
export function compileRegex(written: RegExp): string | undefined {
  const flags = (written.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (written.multiline ? RE2JS.MULTILINE : 0);
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(written.source), flags);
    if (pattern.programSize() > INSTRUCTIONS_MAX) return 'it repeats too much';
    compiled.set(written, pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return 'it has a part that cannot be matched in linear time, or is no pattern';
  }
}

// JSONata has one engine for all expressions and no way to hand it anything; evaluation is synchronous, so the work
// of the evaluation under way is known here.
let current: Work | undefined;

export function chargeRegexTo(work: Work): void {
  current = work;
}

export class SafeRegex implements RegexEngine {
  lastIndex = 0;
  readonly #pattern: RE2JS;

  constructor(written: RegExp) {
    const pattern = compiled.get(written);
    if (pattern === undefined) throw new TypeError('A pattern was not compiled when its formula was.');
    this.#pattern = pattern;
  }

  exec(text: string): RegexMatch | null {
    // A match found at once may still have needed a look at all that follows.
    const rest = Math.max(0, text.length - this.lastIndex);
    const instructions = this.#pattern.programSize() + INSTRUCTIONS_PER_CHARACTER;
    current?.spend(1 + (rest * instructions) / INSTRUCTIONS_PER_UNIT);
    const matcher = this.#pattern.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    this.lastIndex = matcher.end();
    const groups = Array.from(
      { length: matcher.groupCount() + 1 },
      (_, group) => matcher.group(group) ?? undefined,
    );
    return Object.assign(groups, { index: matcher.start() });
  }
}
