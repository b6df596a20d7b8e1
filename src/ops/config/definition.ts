import type { Registry } from '../../flows/registry.ts';
import type {
  ConnectionDefinition,
  FlowDefinition,
  SourceDefinition,
  WorkspaceDefinition,
} from '../../flows/workspace.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { secretFields } from '../../kit/index.ts';
import { sourceTypes } from './schema.ts';
import type { Checked } from './schema.ts';

/** Makes of a file that has passed every check what Linchpin stores: secrets set apart, flows named. */
export function toDefinition(checked: Checked, registry: Registry): WorkspaceDefinition {
  return {
    name: checked.workspace,
    sources: Object.entries(checked.sources).map(([name, source]) => toSource(name, source, registry)),
    connections: Object.entries(checked.connections).map(([name, connection]) =>
      toConnection(name, connection, registry),
    ),
    flows: nameFlows(checked.flows),
  };
}

function toSource(
  name: string,
  { type, ...written }: Checked['sources'][string],
  registry: Registry,
): SourceDefinition {
  const sourceType = sourceTypes(registry).get(type);
  if (sourceType === undefined) throw new TypeError(`The type ${type} passed the check and is unknown.`);
  const { settings, secrets } = setApart(written, secretFields(sourceType.settings));
  const credential = secrets[sourceType.credential];
  return { name, type, settings, secrets, credential: typeof credential === 'string' ? credential : '' };
}

function toConnection(
  name: string,
  { connector, delivery, ...written }: Checked['connections'][string],
  registry: Registry,
): ConnectionDefinition {
  const known = registry.connectors.get(connector);
  if (known === undefined) throw new TypeError(`The connector ${connector} passed the check and is unknown.`);
  const { attempts, first_wait_seconds, factor } = delivery.retry;
  return {
    name,
    connector,
    delivery: {
      shards: delivery.shards,
      retry: { attemptsMax: attempts, firstWaitMs: first_wait_seconds * 1_000, factor },
    },
    ...setApart(written, secretFields(known.settings)),
  };
}

function setApart(
  written: Readonly<Record<string, JsonValue>>,
  secretNames: readonly string[],
): { readonly settings: JsonObject; readonly secrets: JsonObject } {
  const settings: Record<string, JsonValue> = {};
  const secrets: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(written)) {
    // Trimmed as `secret()` does it, so that the hash of a credential is that of what senders present.
    if (secretNames.includes(key)) secrets[key] = typeof value === 'string' ? value.trim() : value;
    else settings[key] = value;
  }
  return { settings, secrets };
}

/** Flows without a name are called after what they join: `hubspot-identify.site.hubspot`, then `…-2`. */
function nameFlows(flows: Checked['flows']): readonly FlowDefinition[] {
  const taken = new Set(flows.flatMap(({ name }) => name ?? []));
  return flows.map(({ name, ...written }) => {
    const flow = withoutUndefined(written);
    if (name !== undefined) return { name, ...flow };
    const { preset, action = '', from, to } = flow;
    const base = `${(preset ?? action).replaceAll('/', '-')}.${from}.${to}`;
    let made = base;
    for (let count = 2; taken.has(made); count += 1) made = `${base}-${String(count)}`;
    taken.add(made);
    return { name: made, ...flow };
  });
}

type Written = Omit<Checked['flows'][number], 'name'>;

/** Keys that the file does not have are absent, and not there with nothing in them. */
function withoutUndefined({ preset, action, when, map, ...flow }: Written): Omit<FlowDefinition, 'name'> {
  return {
    ...(preset === undefined ? {} : { preset }),
    ...(action === undefined ? {} : { action }),
    ...(when === undefined ? {} : { when }),
    ...(map === undefined ? {} : { map }),
    ...flow,
  };
}
