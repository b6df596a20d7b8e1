/** What a flow would do with an event: its condition, what its mapping makes, and the requests. Nothing is sent. */
import type { LoggedEvent } from '../kernel/event.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import type { CallResponse, ConnectionCache } from '../kit/index.ts';
import { documentOf, explain } from '../mapping/index.ts';
import type { Failure as FailedLeaf } from '../mapping/index.ts';
import { preview } from '../outbound/index.ts';
import type { Preview } from '../outbound/index.ts';
import { explainMatch } from './explain-match.ts';
import type { Decision } from './explain-match.ts';
import { orderKeyOf } from './work.ts';

export interface TriedFlow {
  readonly decision: Decision;
  /** The leaves that keep the flow's condition from holding, with the event's own values. */
  readonly failedLeaves: readonly FailedLeaf[];
  /** When there is an input. */
  readonly orderKey?: string;
  readonly preview?: Preview<readonly Outcome[]>;
}

export interface TryFlowOptions {
  readonly event: LoggedEvent;
  readonly connection: Connection;
  readonly flow: Flow;
  readonly answers: readonly CallResponse[];
  readonly nowMs: number;
}

export function tryFlow({ event, connection, flow, answers, nowMs }: TryFlowOptions): TriedFlow {
  const decision = explainMatch(event, connection).get(flow);
  if (decision === undefined) throw new TypeError(`${flow.name} is no flow of ${connection.name}.`);
  const { condition } = flow;
  const failedLeaves =
    condition === undefined ? [] : explain(condition, documentOf(event), Date.parse(event.receivedAt));
  if (decision.decision !== 'input') return { decision, failedLeaves };
  const { input } = decision;
  const { connector, settings } = connection;
  const steps = flow.preset.action.deliver([{ input, traceId: TRACE_ID, attempt: 1 }], {
    settings,
    options: flow.options,
    cache: emptyCache(),
    nowMs,
  });
  return {
    decision,
    failedLeaves,
    orderKey: orderKeyOf(flow, input),
    preview: preview(steps, { connector, settings, input, answers }),
  };
}

// The position of an event that is not in the log; a delivery names the real one.
const TRACE_ID = '0';

/** As a connection has just started; it lives as long as the preview. */
function emptyCache(): ConnectionCache {
  const entries = new Map<string, unknown>();
  return {
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.set(key, value);
    },
    delete: (key) => {
      entries.delete(key);
    },
  };
}
