/** What the doctor says of one thing that it looked at. */
export interface Finding {
  readonly level: 'fine' | 'look' | 'act';
  /** What was looked at: `postgresql`, `disk`, `reader hubspot`. */
  readonly topic: string;
  readonly text: string;
  /** What to do, when it is not fine. */
  readonly remedy?: string;
}
