/** What records and their relations, which live in folders of their own, tell each other. */

/** A link that a creation asks for, checked: its target exists and the type fits. */
export interface PlannedLink {
  readonly toTypeId: string;
  readonly toId: string;
  readonly types: readonly { readonly category: string; readonly typeId: number }[];
}

export interface RecordStage {
  readonly id: string;
  readonly pipelineId: string;
  readonly label: string;
  /** `probability` and `isClosed` of a deal's stage, `ticketState` of a ticket's. */
  readonly metadata: Readonly<Record<string, string>>;
}
