// Where Segment cuts a path: at dots, and at brackets around a quoted name or an index
// (@segment/actions-core 3.170, its `get`, read 2026-11). Any other bracket is part of a name.
const CUTS = /\[(?="|'|\d)|\.|(?<="|'|\d)\]+/g;

/** The steps of a path in Segment's writing; none for the whole. */
export function segmentSteps(written: string): readonly string[] {
  const text = written.replace('$.', '');
  return text
    .split(CUTS)
    .filter((step) => step !== '')
    .map((step) => step.replaceAll(/'|"/g, ''));
}

/** The same path as Linchpin writes it. */
export function toPath(steps: readonly string[]): string {
  if (steps.length === 0) return '$';
  return steps.map((step, index) => writeStep(step, index === 0)).join('');
}

function writeStep(step: string, isFirst: boolean): string {
  if (/^\d{1,9}$/.test(step)) return `[${step}]`;
  if (/^[\p{L}_][\p{L}\p{N}_ -]*$/u.test(step) && step === step.trim()) return isFirst ? step : `.${step}`;
  return `["${step.replaceAll(/["\\]/g, String.raw`\$&`)}"]`;
}

/** The same path inside a formula, where names that are no words stand in backticks. */
export function toFormulaPath(steps: readonly string[]): string | undefined {
  if (steps.length === 0) return '$';
  if (steps.some((step) => step.includes('`'))) return undefined;
  return steps
    .map((step, index) => {
      if (/^\d{1,9}$/.test(step)) return `[${step}]`;
      const name = /^[a-z_]\w*$/i.test(step) && !WORDS.has(step) ? step : `\`${step}\``;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

// What JSONata reads as something else than a name (docs.jsonata.org, read 2026-11).
const WORDS = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);
