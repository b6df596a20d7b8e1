/** What differs between a workspace as it is stored and as it is wanted. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../kernel/json.ts';
import type { DeliverySettings, WorkspaceDefinition } from './workspace.ts';

export type ChangeKind = 'source' | 'connection' | 'flow';

export interface Change {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete';
  /** What differs, for an update. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  /** `connector`, `settings.plan`, `secrets.access_token`. */
  readonly field: string;
  /** Absent for a setting that was not there, or is there no more; `[redacted]` for secrets. */
  readonly from: unknown;
  readonly to: unknown;
}

/** The parts of a workspace that are compared; `secrets` unsealed. */
export type Comparable = Pick<WorkspaceDefinition, 'sources' | 'connections' | 'flows'>;

export function changesBetween(stored: Comparable, wanted: Comparable): readonly Change[] {
  return [
    ...compare('source', stored.sources, wanted.sources),
    ...compare('connection', stored.connections, wanted.connections),
    ...compare('flow', stored.flows, wanted.flows),
  ];
}

interface Named {
  readonly name: string;
}

function compare<Part extends Named>(
  kind: ChangeKind,
  stored: readonly Part[],
  wanted: readonly Part[],
): readonly Change[] {
  const storedByName = new Map(stored.map((part) => [part.name, part]));
  const wantedNames = new Set(wanted.map(({ name }) => name));
  const changes = wanted.flatMap((part): readonly Change[] => {
    const before = storedByName.get(part.name);
    if (before === undefined) return [{ kind, name: part.name, action: 'create', fields: [] }];
    const fields = differences(before, part);
    return fields.length === 0 ? [] : [{ kind, name: part.name, action: 'update', fields }];
  });
  const gone = stored.filter(({ name }) => !wantedNames.has(name));
  return [...changes, ...gone.map(({ name }): Change => ({ kind, name, action: 'delete', fields: [] }))];
}

function differences(before: object, after: object): readonly FieldChange[] {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...is.keys(), ...was.keys()])].flatMap((field): readonly FieldChange[] => {
    const from = was.get(field);
    const to = is.get(field);
    if (isDeepStrictEqual(from, to)) return [];
    // A credential is one of the secrets, and shown among them.
    if (field === 'credential') return [];
    // Objects on both sides, by their types.
    if (field === 'delivery') {
      return keyDifferences(
        field,
        inWordsOfFile(from as DeliverySettings),
        inWordsOfFile(to as DeliverySettings),
      );
    }
    if (field !== 'settings' && field !== 'options' && field !== 'secrets') return [{ field, from, to }];
    return keyDifferences(field, from as JsonObject, to as JsonObject);
  });
}

/** The settings under the keys of linchpin.yaml. */
function inWordsOfFile({ shards, retry }: DeliverySettings): JsonObject {
  return {
    shards,
    'retry.attempts': retry.attemptsMax,
    'retry.first_wait_seconds': retry.firstWaitMs / 1_000,
    'retry.factor': retry.factor,
  };
}

function keyDifferences(field: string, before: JsonObject, after: JsonObject): readonly FieldChange[] {
  const shown = (value: unknown): unknown =>
    field === 'secrets' && value !== undefined ? '[redacted]' : value;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => ({ field: `${field}.${key}`, from: shown(before[key]), to: shown(after[key]) }));
}
