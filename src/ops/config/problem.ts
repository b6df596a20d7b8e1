import { LinchpinError } from '../../kernel/errors.ts';
import type { ErrorCode } from '../../kernel/error-codes.ts';

export type ConfigCode = Extract<ErrorCode, `config.${string}`>;

/** One thing that is wrong with linchpin.yaml, at the place where it must be put right. */
export interface ConfigProblem {
  readonly code: ConfigCode;
  readonly file: string;
  /** Counted from 1, like the column. */
  readonly line: number;
  readonly column: number;
  /** The key at fault as a reader would say it, e.g. `flows[0].preset`; empty for the whole file. */
  readonly path: string;
  /** What was found and what was meant. Never holds a secret. */
  readonly message: string;
}

/**
 * Everything that is wrong with a configuration, in the order of the file, so that it can be put right in one
 * go. Carries the code of the only problem, or `config.invalid` when there are several.
 */
export class ConfigError extends LinchpinError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
    const [first, ...others] = sorted;
    if (first === undefined) throw new TypeError('A configuration error without a problem.');
    super(others.length === 0 ? first.code : 'config.invalid', {
      message: sorted.map(formatProblem).join('\n'),
      field: placeOf(first),
    });
    this.problems = sorted;
  }
}

function formatProblem(problem: ConfigProblem): string {
  return `${placeOf(problem)}: ${problem.message}`;
}

function placeOf({ file, line, column }: ConfigProblem): string {
  return `${file}:${String(line)}:${String(column)}`;
}
