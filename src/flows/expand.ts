/**
 * What a definition means beyond its words: a source that is a connector too (Sesamy) is read by a connection
 * of its own name, whose one flow completes the source's raw events. Pure.
 */
import type { Registry } from './registry.ts';
import { DEFAULT_DELIVERY } from './workspace.ts';
import type { WorkspaceDefinition } from './workspace.ts';

export function expand(definition: WorkspaceDefinition, registry: Registry): WorkspaceDefinition {
  const resolved = definition.sources.flatMap((source) => {
    const role = registry.connectors.get(source.type)?.source;
    return role === undefined ? [] : [{ source, role }];
  });
  return {
    ...definition,
    connections: [
      ...definition.connections.map((connection) => ({ delivery: DEFAULT_DELIVERY, ...connection })),
      ...resolved.map(({ source: { name, type, settings, secrets } }) => ({
        name,
        connector: type,
        delivery: DEFAULT_DELIVERY,
        settings,
        secrets,
      })),
    ],
    flows: [
      ...definition.flows.map((flow) => ({ consent: [], ...flow })),
      ...resolved.map(({ source: { name }, role }) => ({
        name: `${name}/resolve`,
        preset: role.resolve,
        from: name,
        to: name,
        options: {},
        consent: [],
      })),
    ],
  };
}
