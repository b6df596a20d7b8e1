/** Amounts in words that people read. */

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1.4 GB`; decimal, as disks are sold and `df -H` counts. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1_000 && unit < UNITS.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || amount >= 100 ? amount.toFixed(0) : amount.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

const DURATIONS: readonly (readonly [ms: number, noun: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
];

/** `3 hours`: whole ones of the largest unit of which there is at least one. */
export function formatDuration(ms: number): string {
  const [unitMs, noun] = DURATIONS.find(([unit]) => ms >= unit) ?? [1_000, 'second'];
  return formatCount(Math.floor(ms / unitMs), noun);
}

/** `1 event`, `2 events`. */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
