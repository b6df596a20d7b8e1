/** What the engine makes of a configuration and of events, for inputs that a test gives. */
import { newWork } from '../../../src/delivery/work.ts';
import type { Work } from '../../../src/delivery/work.ts';
import { DEFAULT_DELIVERY } from '../../../src/flows/workspace.ts';
import type { Connection, Flow } from '../../../src/flows/workspace.ts';
import type { AnyAction, AnyConnector } from '../../../src/kit/index.ts';
import { aPart } from '../../support/a-part.ts';

export function flowOf(action: AnyAction, options: Readonly<Record<string, unknown>> = {}): Flow {
  const preset = {
    id: 'conformance/any',
    title: 'Any',
    summary: 'Any input.',
    action,
    when: { types: [] },
    options: {},
    map: () => ({ kind: 'skip' as const, reason: 'Inputs are given.' }),
  };
  return { name: 'conformance', preset, source: 'test', options: action.options.parse(options) };
}

export function connectionOf(connector: AnyConnector, settings: unknown, flow: Flow): Connection {
  return {
    workspaceId: 1,
    workspace: 'main',
    name: connector.id,
    revision: '1',
    allowsPrivateAddresses: true,
    connector,
    delivery: DEFAULT_DELIVERY,
    settings,
    suspended: null,
    flows: [flow],
  };
}

/** The works of a batch, each of another record. */
export function worksOf(flow: Flow, inputs: readonly unknown[]): readonly Work[] {
  return inputs.map((input, index) => newWork(flow, aPart({ position: index, input }), 0, String(index)));
}
