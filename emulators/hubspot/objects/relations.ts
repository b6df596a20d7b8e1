/** What records ask of associations and pipelines, which live in folders of their own. */
import type { Call } from '../guard.ts';

/** A link that a creation asks for, checked: its target exists and the type fits. */
export interface PlannedLink {
  readonly toTypeId: string;
  readonly toId: string;
  readonly types: readonly { readonly category: string; readonly typeId: number }[];
}

export interface RecordAssociations {
  /** Records of `toTypeId` that a record is linked with, each once. */
  idsOf(typeId: string, id: string, toTypeId: string): readonly string[];
  /** As a read shows them: a labelled pair once more for each label, `type` like `note_to_contact`. */
  shownOf(
    typeId: string,
    id: string,
    toTypeId: string,
  ): readonly { readonly id: string; readonly type: string }[];
  /** Checks the `associations` of a creation (`[{to: {id}, types: [{associationCategory, associationTypeId}]}]`). */
  plan(call: Call, typeId: string, given: readonly unknown[]): readonly PlannedLink[];
  /** Makes the links that `plan` allowed, in both directions. */
  linkPlanned(call: Call, typeId: string, id: string, links: readonly PlannedLink[]): void;
  /** A record is gone, and all its links with it. */
  drop(typeId: string, id: string): void;
  /** A merge: the links of one record become another's. */
  move(typeId: string, fromId: string, toId: string): void;
}

export interface RecordStage {
  readonly id: string;
  readonly pipelineId: string;
  readonly label: string;
  /** `probability` and `isClosed` of a deal's stage, `ticketState` of a ticket's. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface RecordPipelines {
  /** Pipelines in their order; empty for objects that have none. */
  idsOf(typeId: string): readonly string[];
  stagesOf(typeId: string, pipelineId: string): readonly RecordStage[];
}
