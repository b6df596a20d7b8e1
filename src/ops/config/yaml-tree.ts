import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { interpolate } from './interpolate.ts';
import type { LookUp } from './interpolate.ts';
import type { ConfigProblem } from './problem.ts';
import { explainSyntax, placeAt } from './yaml-syntax.ts';
import type { Place } from './yaml-syntax.ts';

export type Path = readonly (string | number)[];

/** A YAML file as plain values in which every key and value still knows its place. */
export interface YamlTree {
  readonly value: unknown;
  /** Problems that were met while reading. Those of syntax leave no value worth looking at. */
  readonly problems: readonly ConfigProblem[];
  readonly isReadable: boolean;
  /** The place of a value, or of the closest thing around it that exists. */
  placeOf(path: Path): Place;
  /** The place of the key itself, for complaints about the key. */
  keyPlaceOf(path: Path): Place;
  /** The variables whose values are part of the value. */
  variablesOf(path: Path): readonly string[];
  /** Whether the value could not be read because a variable is missing; complaints about it are noise. */
  isBroken(path: Path): boolean;
}

/** Reads YAML and puts environment variables into its values (never into keys or comments). */
export function readYaml(text: string, file: string, lookUp: LookUp): YamlTree {
  const lines = new LineCounter();
  // Pretty errors would quote lines of the file, which may hold secrets.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reader = new Reader({ text, file, lines, document, lookUp });
  const problems = firstOfEachLine(
    document.errors.map((error) => explainSyntax(error, { text, file, lines })),
  );
  const isReadable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  const value = isReadable ? reader.read(document.contents, []) : undefined;
  const nearest = (places: ReadonlyMap<string, Place>, path: Path): Place => {
    for (let length = path.length; length >= 0; length -= 1) {
      const own = length === path.length ? places.get(keyOf(path)) : undefined;
      const place = own ?? reader.places.get(keyOf(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return { line: 1, column: 1 };
  };
  return {
    value,
    problems: [...problems, ...reader.problems],
    isReadable,
    placeOf: (path) => nearest(reader.places, path),
    keyPlaceOf: (path) => nearest(reader.keyPlaces, path),
    variablesOf: (path) => reader.variables.get(keyOf(path)) ?? [],
    isBroken: (path) => path.some((_, index) => reader.broken.has(keyOf(path.slice(0, index + 1)))),
  };
}

/** A parser that has lost its way in a line complains several times; only the first complaint helps. */
function firstOfEachLine(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const seen = new Set<number>();
  return problems.filter(({ line }) => !seen.has(line) && seen.add(line));
}

/** `flows[0].preset` for `['flows', 0, 'preset']`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${String(step)}]` : index === 0 ? step : `.${step}`))
    .join('');
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

interface Origin {
  readonly text: string;
  readonly file: string;
  readonly lines: LineCounter;
  readonly document: Document;
  readonly lookUp: LookUp;
}

class Reader {
  readonly places = new Map<string, Place>();
  readonly keyPlaces = new Map<string, Place>();
  readonly variables = new Map<string, readonly string[]>();
  readonly broken = new Set<string>();
  readonly problems: ConfigProblem[] = [];
  // Nodes being read, so that an alias to a node around it ends instead of going round for ever.
  readonly #open = new Set<Node>();

  readonly #origin: Origin;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  read(node: unknown, path: Path): unknown {
    if (isAlias(node)) return this.read(node.resolve(this.#origin.document), path);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
    this.places.set(keyOf(path), this.#placeAt(node.range?.[0] ?? 0));
    if (isScalar(node)) return this.#readScalar(node, path);
    if (this.#open.has(node)) return null;
    this.#open.add(node);
    const value = isMap(node)
      ? Object.fromEntries(node.items.map((pair) => this.#readPair(pair.key, pair.value, path)))
      : node.items.map((item, index) => this.read(item, [...path, index]));
    this.#open.delete(node);
    return value;
  }

  #readPair(key: unknown, value: unknown, path: Path): readonly [string, unknown] {
    const name = isScalar(key) ? String(key.value) : '';
    const offset = isScalar(key) ? key.range?.[0] : undefined;
    const own = [...path, name];
    if (offset !== undefined) {
      this.keyPlaces.set(keyOf(own), this.#placeAt(offset));
      this.places.set(keyOf(own), this.#placeAt(offset));
    }
    return [name, this.read(value, own)];
  }

  #readScalar(
    node: { readonly value: unknown; readonly range?: readonly number[] | null | undefined },
    path: Path,
  ): unknown {
    if (typeof node.value !== 'string' || !node.value.includes('${')) return node.value;
    const { text, variables, problems } = interpolate(node.value, this.#origin.lookUp);
    if (variables.length > 0) this.variables.set(keyOf(path), variables);
    const [start = 0, end = start] = node.range ?? [];
    for (const problem of problems) {
      this.broken.add(keyOf(path));
      // Escapes in quoted text shift offsets, so the reference is looked for in the file itself.
      const offset = this.#origin.text.slice(start, end).indexOf(problem.written);
      this.problems.push({
        ...this.#placeAt(start + Math.max(offset, 0)),
        code: problem.code,
        file: this.#origin.file,
        path: formatPath(path),
        message:
          problem.code === 'config.variable_unset'
            ? `The environment variable ${problem.found} is not set. Set it, or write \${${problem.found}:-default}.`
            : `A "\${" without a variable's name and "}". Write \${NAME} or \${NAME:-default}, or $\${ for a literal one.`,
      });
    }
    return text;
  }

  #placeAt(offset: number): Place {
    return placeAt(this.#origin.lines, offset);
  }
}
