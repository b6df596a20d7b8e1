/**
 * Rule writes times as `YYYY-MM-DD HH:MM:SS` without a zone. Those in `Retry-After` were seen to be the local time of
 * Stockholm (authors of github.com/rulecom/rule-io-sdk, probed 2026-05), so all others are taken for that too.
 */
const FORMAT = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  dateStyle: 'short',
  timeStyle: 'medium',
});

const LOCAL_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/;
const HOUR_MS = 3_600_000;

/** `2026-11-21 16:05:00`; Swedish dates have this form by themselves. */
export function toStockholm(atMs: number): string {
  return FORMAT.format(atMs);
}

/**
 * The moments that a local time may mean, the earliest first: one as a rule, two in the hour that the end of summer time
 * repeats. A time in the hour that summer time leaves out means the moment that winter time gives it. None for text
 * of another form.
 */
export function fromStockholm(text: string): readonly number[] {
  const [, date, time] = LOCAL_TIME.exec(text.trim()) ?? [];
  const asUtcMs = date === undefined ? NaN : Date.parse(`${date}T${time ?? ''}Z`);
  if (Number.isNaN(asUtcMs)) return [];
  // Two hours ahead of UTC in summer, one in winter.
  const summerMs = asUtcMs - 2 * HOUR_MS;
  const winterMs = asUtcMs - HOUR_MS;
  const meant = [summerMs, winterMs].filter((atMs) => toStockholm(atMs) === text.trim());
  return meant.length === 0 ? [winterMs] : meant;
}
