/** Where commands write: words and tables for people, one JSON document with `--json`. */
import Table from 'cli-table3';
import { colours } from './colours.ts';

export interface Output {
  /** True with `--json`: standard output then holds JSON and nothing else. */
  readonly isJson: boolean;
  /** A line for people; nothing with `--json`. */
  line(text?: string): void;
  /** A table for people; nothing with `--json`. */
  table(headings: readonly string[], rows: readonly (readonly string[])[]): void;
  /** The result as one JSON document; nothing without `--json`. */
  json(value: unknown): void;
  /** Progress and remarks, on standard error either way. */
  remark(text: string): void;
}

/** The two streams of a program; tests keep what is written instead. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** How wide help may be; the width of the window when absent. */
  readonly columns?: number;
}

export const processTerminal: Terminal = {
  out: (text) => {
    process.stdout.write(text);
  },
  err: (text) => {
    process.stderr.write(text);
  },
};

export function makeOutput(isJson: boolean, { out, err }: Terminal = processTerminal): Output {
  return {
    isJson,
    line: (text = '') => {
      if (!isJson) out(`${text}\n`);
    },
    table: (headings, rows) => {
      if (!isJson) out(`${renderTable(headings, rows)}\n`);
    },
    json: (value) => {
      if (isJson) out(`${JSON.stringify(value)}\n`);
    },
    remark: (text) => {
      err(`${text}\n`);
    },
  };
}

/** A table without rulers: columns line up, and copying from it gives no boxes. */
function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: headings.some((heading) => heading !== '') ? headings.map((heading) => colours.bold(heading)) : [],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
