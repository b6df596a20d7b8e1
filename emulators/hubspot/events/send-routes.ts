import { empty, Refused } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { errorReply, invalid } from '../errors.ts';
import type { Call } from '../guard.ts';
import { isFields, readList, readObject, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { eventPathsOf } from './event-paths.ts';
import type { SentEvent } from './event-store.ts';
import { guardEvents } from './guard-events.ts';
import { processDueEvents } from './process-events.ts';
import { parseSentEvent } from './send-rules.ts';

const SCOPES = ['analytics.behavioral_events.send'];
// "maxItems": 500 of the published specification.
const BATCH_MAX = 500;

/** 204 says that an event was accepted; what becomes of it shows later. */
export function eventSendRoutes(version: Version): Route<HubspotState>[] {
  return eventPathsOf(version).send.flatMap((path) => [
    guardEvents({
      method: 'POST',
      path,
      scopes: SCOPES,
      kind: 'own',
      handle: (call, state) => {
        accept(call, state, [parseSentEvent(call, readObject(call.request))]);
        return empty(204);
      },
    }),
    guardEvents({ method: 'POST', path: `${path}/batch`, scopes: SCOPES, kind: 'own', handle: sendBatch }),
  ]);
}

function sendBatch(call: Call, state: HubspotState): Reply {
  const { request, switches } = call;
  const inputs = readList(request, readObject(request), 'inputs') ?? [];
  if (inputs.length === 0) throw invalid('Some required fields were not set: [inputs]');
  if (inputs.length > BATCH_MAX) {
    throw invalid(`The maximum number of events in a batch request is ${BATCH_MAX}. Found ${inputs.length}`);
  }
  const rows = inputs.map((input) =>
    isFields(input) ? input : wrongType(request, 'inputs', 'object', input),
  );
  const events = rows.flatMap((row) => parseRow(call, row, switches.badEventRow === 'hide'));
  accept(call, state, events);
  return empty(204);
}

function parseRow(call: Call, row: Fields, isHidden: boolean): SentEvent[] {
  try {
    return [parseSentEvent(call, row)];
  } catch (error) {
    // The 204 of a batch has no room for the fault of a row.
    if (isHidden && error instanceof Refused) return [];
    throw error;
  }
}

/** Custom events have limits of their own, per second and month, outside of the ten-second window. */
function accept(call: Call, state: HubspotState, events: readonly SentEvent[]): void {
  const { portal, now } = call;
  const { eventsPerSecond, eventsPerMonth, isEnforced } = portal.limits;
  if (isEnforced && portal.events.sends.count(now) >= eventsPerSecond) {
    throw tooMany('SECONDLY', 'You have reached your secondly limit.');
  }
  portal.events.sends.add(now);
  if (!portal.events.admitToMonth(events.length, now, eventsPerMonth) && isEnforced) {
    throw tooMany('MONTHLY', 'You have reached your monthly limit.');
  }
  const dueAt = now + call.switches.eventLagMs;
  for (const event of events) portal.events.enqueue(event, dueAt);
  state.later.at(dueAt, () => processDueEvents(state, portal));
}

/** The body of this limit has not been recorded: like those of the others. */
function tooMany(policyName: string, message: string): Refused {
  return new Refused(
    errorReply(429, {
      message,
      errorType: 'RATE_LIMIT',
      policyName,
      groupName: 'publicapi:behavioral-events:send',
    }),
  );
}
