/** A configured source, as far as ingest needs to know it. */
export interface Source {
  readonly workspaceId: number;
  readonly name: string;
  /** As in linchpin.yaml: `segment`, or the id of a connector that is a source. */
  readonly type: string;
}

/** What a source may send. */
export type Accepts = 'segment-calls' | 'subscriber-events';
