/** One call of the tracking pixel. */
export interface PixelHit {
  readonly at: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

// Enough for a test's look at what a page has sent.
const HITS_KEPT = 10_000;

/** The hits of the pixels that pages call: kept for a look, without effect on records. */
export class PixelStore {
  readonly hits: PixelHit[] = [];

  add(hit: PixelHit): void {
    this.hits.push(hit);
    if (this.hits.length > HITS_KEPT) this.hits.shift();
  }
}
