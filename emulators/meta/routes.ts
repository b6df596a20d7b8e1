import { json, Refused } from '../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../core/index.ts';
import { checkEvent, isFields } from './check-event.ts';
import { badParameter, graphError, traceId, unknownObject, voidToken } from './graph-error.ts';
import type { Dataset, MetaState } from './state.ts';
import type { Remark } from './user-data.ts';

type Fields = Readonly<Record<string, unknown>>;

// "You can send up to 1,000 events in data": "Using the API", developers.facebook.com, read 2026-11.
const EVENTS_MAX = 1000;

export const routes: readonly Route<MetaState>[] = [
  {
    method: 'POST',
    path: '/:version/:dataset/events',
    handle: (request, state) => {
      const fields = readFields(request);
      const dataset = authorise(request, fields['access_token'], state);
      return takeEvents(dataset, fields, state);
    },
  },
  {
    method: 'GET',
    path: '/:version/:dataset',
    handle: (request, state) => {
      const { id, name } = authorise(request, undefined, state);
      const wanted = request.query.get('fields')?.split(',') ?? ['id'];
      return json(200, { ...(wanted.includes('name') ? { name } : {}), id });
    },
  },
];

/** All or nothing: one bad event refuses the request, and nothing of it is kept. */
function takeEvents(dataset: Dataset, fields: Fields, state: MetaState): Reply {
  const { data } = fields;
  if (!Array.isArray(data) || data.length === 0)
    throw new Refused(graphError(400, { code: 100, message: '(#100) The parameter data is required' }));
  if (data.length > EVENTS_MAX) {
    const message = `A request may hold ${String(EVENTS_MAX)} events at the most.`;
    throw new Refused(badParameter(undefined, 'Too Many Events', message));
  }
  const remarks: Remark[] = [];
  const checked = data.map((event: unknown) => checkEvent(event, state, remarks));
  const testEventCode = typeof fields['test_event_code'] === 'string' ? fields['test_event_code'] : null;
  const receivedAt = new Date(state.nowMs()).toISOString();
  for (const event of checked) state.keep({ dataset: dataset.id, receivedAt, testEventCode, ...event });
  state.remarks.push(...remarks);
  return json(200, {
    events_received: checked.length,
    messages: [],
    fbtrace_id: traceId(`${receivedAt} ${String(state.events.length)}`),
  });
}

/** The token in one of its three places, the allowance, then the dataset. */
function authorise(request: EmulatorRequest, inBody: unknown, state: MetaState): Dataset {
  if (!/^v\d+\.\d+$/.test(request.param('version'))) {
    throw new Refused(graphError(400, { code: 2500, message: `Unknown path components: ${request.path}` }));
  }
  const given = request.query.get('access_token') ?? request.bearer() ?? inBody;
  const token = typeof given === 'string' ? state.tokens.get(given) : undefined;
  if (token === undefined) throw new Refused(voidToken(400));
  if (token.state === 'expired') throw new Refused(voidToken(400, 463));
  if (token.state === 'revoked') throw new Refused(voidToken(401, 460));
  countCall(state);
  const id = request.param('dataset');
  const dataset = state.datasets.get(id);
  if (dataset === undefined || token.datasets?.includes(id) === false)
    throw new Refused(unknownObject(id, request.method));
  return dataset;
}

function countCall(state: MetaState): void {
  if (state.callsPerHour === null) return;
  const nowMs = state.nowMs();
  if (state.calls.count(nowMs) >= state.callsPerHour) throw new Refused(throttled(400, 17));
  state.calls.add(nowMs);
}

/** A throttle, in the vendor's manner: not as 429, and with the minutes to wait in a header of its own. */
export function throttled(status: number, code: number, minutes = 5): Reply {
  const usage = [{ type: 'custom_audience', call_count: 100, total_cputime: 30, total_time: 30 }].map(
    (use) => ({
      ...use,
      estimated_time_to_regain_access: minutes,
    }),
  );
  return graphError(status, {
    code,
    message:
      code === 4 ? '(#4) Application request limit reached' : `(#${String(code)}) User request limit reached`,
    headers: { 'x-business-use-case-usage': JSON.stringify({ '987654321': usage }) },
  });
}

/** JSON, or a form whose `data` is JSON. What is null counts as not given, as Meta's own SDK sends it. */
function readFields(request: EmulatorRequest): Fields {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (!isForm) {
    const body = request.json();
    return isFields(body) ? body : {};
  }
  const form = request.form();
  return { ...Object.fromEntries(form), data: parsed(form.get('data') ?? '') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: the same as no data at all.
    return undefined;
  }
}
