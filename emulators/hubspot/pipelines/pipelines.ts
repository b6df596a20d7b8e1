import type { RecordStage } from '../objects/relations.ts';
import { defaultPipelines } from './default-pipelines.ts';
import type { Pipeline, PipelineAudit } from './pipeline.ts';

// Generated ids are numeric texts; where they start is ours.
const FIRST_ID = 700_000_001;

/** The pipelines of an account, by object type. */
export class Pipelines {
  readonly #byType: Map<string, Pipeline[]>;
  readonly #audits: PipelineAudit[] = [];
  #nextId = FIRST_ID;

  constructor() {
    this.#byType = defaultPipelines();
  }

  takeId(): string {
    return String(this.#nextId++);
  }

  /** In the order that people gave them. */
  list(typeId: string): readonly Pipeline[] {
    return (this.#byType.get(typeId) ?? [])
      .filter(({ archivedAt }) => archivedAt === undefined)
      .toSorted((a, b) => a.displayOrder - b.displayOrder);
  }

  find(typeId: string, id: string): Pipeline | undefined {
    return this.#byType.get(typeId)?.find((pipeline) => pipeline.id === id);
  }

  /** Adds a pipeline, or puts its new state in place of the old. */
  put(typeId: string, pipeline: Pipeline): void {
    const others = (this.#byType.get(typeId) ?? []).filter(({ id }) => id !== pipeline.id);
    this.#byType.set(typeId, [...others, pipeline]);
  }

  remove(typeId: string, id: string): void {
    this.#byType.set(
      typeId,
      (this.#byType.get(typeId) ?? []).filter((pipeline) => pipeline.id !== id),
    );
  }

  note(audit: PipelineAudit): void {
    this.#audits.push(audit);
  }

  /** Newest first (assumed). */
  auditsOf(identifier: string): readonly PipelineAudit[] {
    return this.#audits.filter((audit) => audit.identifier === identifier).toReversed();
  }

  idsOf(typeId: string): readonly string[] {
    return this.list(typeId).map(({ id }) => id);
  }

  stagesOf(typeId: string, pipelineId: string): readonly RecordStage[] {
    const stages = this.find(typeId, pipelineId)?.stages ?? [];
    return stages
      .filter(({ archivedAt }) => archivedAt === undefined)
      .toSorted((a, b) => a.displayOrder - b.displayOrder);
  }
}
