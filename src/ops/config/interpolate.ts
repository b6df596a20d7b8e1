/** Puts environment variables into text: `${NAME}`, `${NAME:-default}`, and `$${` for a literal `${`. */

export type LookUp = (name: string) => string | undefined;

export interface Interpolated {
  readonly text: string;
  /** The names of the variables whose values are now part of the text. */
  readonly variables: readonly string[];
  readonly problems: readonly InterpolationProblem[];
}

export interface InterpolationProblem {
  readonly code: 'config.variable_unset' | 'config.variable_malformed';
  /** The name of the variable, or the malformed text. */
  readonly found: string;
  /** The text at fault, to be found again in the file. */
  readonly written: string;
}

// `$${` first, so that an escaped one is never taken for a variable; last, a `${` that matches nothing above.
const REFERENCE =
  /\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<fallback>[^}]*))?\}|\$\{(?<malformed>[^}]*)\}?/g;

export function interpolate(text: string, lookUp: LookUp): Interpolated {
  const variables: string[] = [];
  const problems: InterpolationProblem[] = [];
  const replaced = text.replace(REFERENCE, (written: string, ...rest: unknown[]) => {
    const { name, fallback, malformed } = rest.at(-1) as Record<string, string | undefined>; // the named groups
    if (malformed !== undefined) {
      problems.push({ code: 'config.variable_malformed', found: written, written });
      return '';
    }
    if (name === undefined) return '${';
    const value = lookUp(name);
    // As in the shell, `:-` also stands in for a variable that is set to nothing.
    if (fallback !== undefined && (value === undefined || value === '')) return fallback;
    if (value === undefined) {
      problems.push({ code: 'config.variable_unset', found: name, written });
      return '';
    }
    variables.push(name);
    return value;
  });
  return { text: replaced, variables, problems };
}
