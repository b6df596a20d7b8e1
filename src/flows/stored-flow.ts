/** Flows as they are declared, and as their rows hold them. */
import type { DeclaredFlow } from '../store/queries/declared.ts';
import type { FlowDefinition } from './workspace.ts';

export function toRow(flow: FlowDefinition): DeclaredFlow {
  const {
    name,
    preset = null,
    action = null,
    when = null,
    map = null,
    from,
    to,
    options,
    consent = [],
  } = flow;
  return {
    name,
    preset,
    action,
    condition: when,
    mapping: map,
    source: from,
    connection: to,
    options,
    consent,
  };
}

export function fromRow(row: DeclaredFlow): FlowDefinition {
  const { name, preset, action, condition, mapping, source, connection, options, consent } = row;
  return {
    name,
    ...(preset === null ? {} : { preset }),
    ...(action === null ? {} : { action }),
    from: source,
    to: connection,
    ...(condition === null ? {} : { when: condition }),
    ...(mapping === null ? {} : { map: mapping }),
    options,
    consent,
  };
}
