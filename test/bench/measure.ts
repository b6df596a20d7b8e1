/** What the suites share: figures, their printing, and the load they send. */
import { parseArgs } from 'node:util';

export type Figures = Readonly<Record<string, number>>;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});

/** True with `--quick`: about a fifth of the work, for a first look. */
export function isQuick(): boolean {
  return values.quick;
}

/** Says on standard error how far a long suite is. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints the figures as a table, or as one JSON document with `--json`. */
export function report(title: string, figures: Figures, notes: readonly string[]): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return;
  }
  process.stdout.write(`${title}\n\n`);
  for (const [name, value] of Object.entries(figures)) {
    process.stdout.write(`  ${name.padEnd(34)} ${value.toLocaleString('en-GB').padStart(12)}\n`);
  }
  for (const note of notes) process.stdout.write(`\n${note}\n`);
}

export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

export function medianOf<Value>(sample: readonly Value[], figure: (value: Value) => number): number {
  return median(sample.map(figure));
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Calls `send` for 0, 1, … in `width` loops at once until it has been called `count` times. */
export async function inParallel(
  width: number,
  count: number,
  send: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let index = next++; index < count; index = next++) await send(index);
    }),
  );
}

/** An identify of about 1 kB, as a server library sends it. */
export function identifyCall(person: number, run: string): Record<string, unknown> {
  return {
    type: 'identify',
    messageId: `bench-${run}-${String(person)}`,
    userId: `user-${run}-${String(person)}`,
    timestamp: new Date().toISOString(),
    traits: {
      email: `person.${run}.${String(person)}@example.com`,
      firstName: 'Ada',
      lastName: `Lovelace ${String(person)}`,
      phone: '+46701234567',
      company: { name: 'Analytical Engines Ltd', industry: 'COMPUTER_HARDWARE', employee_count: 42 },
      address: {
        street: '12 St James Square',
        city: 'London',
        postalCode: 'SW1Y 4JH',
        country: 'United Kingdom',
      },
      website: 'https://example.com/ada',
      title: 'Countess of computing',
    },
    context: {
      library: { name: '@segment/analytics-node', version: '3.1.0' },
      ip: '203.0.113.7',
      locale: 'en-GB',
      userAgent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      page: {
        path: '/pricing',
        title: 'Pricing',
        url: 'https://example.com/pricing',
        referrer: 'https://news.example.org/',
      },
    },
    integrations: {},
    _metadata: { nodeVersion: '20.20.2', jsRuntime: 'node' },
  };
}
