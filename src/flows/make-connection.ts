/** Makes of what is declared a connection that can be run: everything parsed by its schema. Pure. */
import { createHash } from 'node:crypto';
import { LinchpinError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { AnyPreset } from '../kit/index.ts';
import { parseCondition, parseMapping } from '../mapping/index.ts';
import type { Parsed } from '../mapping/index.ts';
import { expand } from './expand.ts';
import { presetOf } from './own-flow.ts';
import type { Registry } from './registry.ts';
import { DEFAULT_DELIVERY } from './workspace.ts';
import type { Connection, DeliverySettings, Flow, FlowDefinition, WorkspaceDefinition } from './workspace.ts';

export interface ConnectionParts {
  readonly workspaceId: number;
  readonly workspace: string;
  readonly connection: {
    readonly name: string;
    readonly connector: string;
    readonly settings: JsonObject;
    readonly secrets: JsonObject;
    readonly delivery?: DeliverySettings;
  };
  /** The flows that end in the connection. */
  readonly flows: readonly FlowDefinition[];
  readonly suspended: Connection['suspended'];
  /** Changes with the secrets; the rest of the revision is taken from the other parts. */
  readonly revision: string;
  readonly registry: Registry;
}

// The settings in which an operator writes an address in place of the vendor's own. A connector whose address is always
// written, and may be anybody's, asks for `allow_private_addresses` instead.
const ADDRESS_SETTINGS = ['base_url', 'api_url', 'token_url', 'forms_url'] as const;

export function makeConnection({
  workspaceId,
  workspace,
  connection,
  flows,
  suspended,
  revision,
  registry,
}: ConnectionParts): Connection {
  const { name, settings, secrets, delivery = DEFAULT_DELIVERY } = connection;
  const connector = registry.connectors.get(connection.connector);
  if (connector === undefined)
    throw unknown('config.unknown_connector', `connector ${connection.connector}`, name);
  return {
    workspaceId,
    workspace,
    name,
    revision: digest([connection.connector, settings, revision, delivery, flows]),
    allowsPrivateAddresses:
      ADDRESS_SETTINGS.some((setting) => settings[setting] !== undefined) ||
      settings['allow_private_addresses'] === true,
    connector,
    delivery,
    settings: connector.settings.parse({ ...settings, ...secrets }),
    suspended,
    flows: flows.map((flow) => toFlow(flow, registry)),
  };
}

/** The connections of a definition that may never have been applied, to try them out. */
export function connectionsOf(definition: WorkspaceDefinition, registry: Registry): readonly Connection[] {
  const { connections, flows } = expand(definition, registry);
  return connections.map((connection) =>
    makeConnection({
      workspaceId: UNAPPLIED,
      workspace: definition.name,
      connection,
      flows: flows.filter(({ to }) => to === connection.name),
      suspended: null,
      revision: '',
      registry,
    }),
  );
}

// No stored workspace has this id: PostgreSQL counts them from 1.
const UNAPPLIED = 0;

function toFlow(definition: FlowDefinition, registry: Registry): Flow {
  const { name, from, when, map, options, consent = [] } = definition;
  const preset = findPreset(definition, registry);
  return {
    name,
    preset,
    source: from,
    options: preset.action.options.parse({ ...preset.options, ...options }),
    ...(map === undefined ? {} : { map }),
    ...(when === undefined ? {} : { condition: parsed(parseCondition(when), 'condition', name) }),
    ...(consent.length === 0 ? {} : { consent }),
  };
}

function findPreset({ name, preset: id, action, map }: FlowDefinition, registry: Registry): AnyPreset {
  if (id !== undefined) {
    const registered = registry.presets.get(id);
    if (registered === undefined) throw unknown('config.unknown_preset', `preset ${id}`, name);
    return registered.preset;
  }
  const registered = registry.actions.get(action ?? '');
  if (registered === undefined) throw unknown('config.unknown_action', `action ${action ?? ''}`, name);
  return presetOf({
    id: action ?? '',
    action: registered.action,
    mapping: parsed(parseMapping(map), 'mapping', name),
  });
}

/** What passed the check when it was applied, perhaps by a version that knew more. */
function parsed<Value>(result: Parsed<Value>, kind: 'condition' | 'mapping', name: string): Value {
  if (result.ok) return result.value;
  const [first] = result.problems;
  throw unknown(`config.${kind}_invalid`, `${kind} that is not understood: ${first?.message ?? ''}`, name);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}

function unknown(
  code:
    | 'config.unknown_connector'
    | 'config.unknown_preset'
    | 'config.unknown_action'
    | 'config.condition_invalid'
    | 'config.mapping_invalid',
  what: string,
  name: string,
): LinchpinError {
  return new LinchpinError(code, {
    message: `${name} is declared with the ${what}, which this version of Linchpin does not have.`,
    field: name,
    remedy: 'Run the version that it was applied with, or apply a configuration without it.',
  });
}
