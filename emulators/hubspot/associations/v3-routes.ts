import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readInputs, readObject, readText } from '../input.ts';
import type { Fields } from '../input.ts';
import type { HubspotState } from '../state.ts';
import { linkChecked, linkedBy, pairOf, readEnd, requireEnds } from './association-call.ts';
import type { Pair } from './association-call.ts';
import { endMissing, notAssociated } from './association-errors.ts';
import { rowsEnvelope, runRows } from './association-rows.ts';
import type { Rows } from './association-rows.ts';
import type { AssociationType } from './association-type.ts';

// The caps of v4, which came with the same engine; none is published for v3.
const LINKS_MAX = 2_000;
const READS_MAX = 1_000;

const ROOT = '/crm/v3/associations/:from/:to';

/** The associations API of v3, whose types are names: `contact_to_company` is the primary company. */
export function v3AssociationRoutes(): Route<HubspotState>[] {
  const routes: Omit<GuardedRoute, 'scopes'>[] = [
    { method: 'POST', path: `${ROOT}/batch/create`, handle: create },
    { method: 'POST', path: `${ROOT}/batch/read`, handle: read },
    { method: 'POST', path: `${ROOT}/batch/archive`, handle: archive },
    { method: 'GET', path: `${ROOT}/types`, handle: listTypes },
  ];
  return routes.map((route) => guard({ ...route, scopes: ['oauth'] }));
}

interface NamedLink {
  readonly fromId: string;
  readonly toId: string;
  readonly type: AssociationType;
}

/** Answers with both directions of every link, as recorded. */
function create(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request), LINKS_MAX);
  const links = inputs.map((input) => readLink(call, pair, input));
  const rows = runRows(links, ({ fromId, toId, type }) => {
    requireEnds(call, pair, fromId, toId);
    linkChecked(call, pair, fromId, toId, [type], 'add');
    const inverse = call.portal.associations.types.inverseOf(type);
    return [
      { from: { id: fromId }, to: { id: toId }, type: type.name },
      { from: { id: toId }, to: { id: fromId }, type: inverse.name },
    ];
  });
  return answer(call, 201, rows);
}

function read(call: Call): Reply {
  const { from, to } = pairOf(call, 'read');
  const inputs = readInputs(call.request, readObject(call.request), READS_MAX);
  const rows = runRows(inputs, (input) => {
    const id = readText(call.request, input, 'id');
    if (id === undefined || id === '') throw invalid('Some required fields were not set: [id]');
    if (call.portal.records(from.id).find(id) === undefined) throw endMissing(from, id, 'FROM');
    const links = call.portal.associations.shownOf(from.id, id, to.id);
    if (links.length === 0) throw notAssociated(from, to, id);
    return [{ from: { id }, to: links }];
  });
  return answer(call, 200, rows);
}

function archive(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request), LINKS_MAX);
  for (const { fromId, toId, type } of inputs.map((input) => readLink(call, pair, input))) {
    const ends = [
      { typeId: pair.from.id, id: fromId },
      { typeId: pair.to.id, id: toId },
    ] as const;
    call.portal.associations.unlabel(...ends, [type], linkedBy(call));
  }
  return empty(204);
}

function listTypes(call: Call): Reply {
  const { from, to } = pairOf(call, 'read');
  const types = call.portal.associations.types.between(from, to);
  return json(200, { results: types.map(({ typeId, name }) => ({ id: String(typeId), name })) });
}

function readLink(call: Call, { from, to }: Pair, input: Fields): NamedLink {
  const name = readText(call.request, input, 'type');
  if (name === undefined || name === '') throw invalid('Some required fields were not set: [type]');
  const type = call.portal.associations.types
    .between(from, to)
    .find((one) => one.name === name || String(one.typeId) === name);
  // Wording assumed.
  if (type === undefined) throw invalid(`No association type "${name}" exists from ${from.id} to ${to.id}`);
  return { fromId: readEnd(call, input, 'from'), toId: readEnd(call, input, 'to'), type };
}

function answer(call: Call, whole: 200 | 201, rows: Rows): Reply {
  return json(rows.errors.length === 0 ? whole : 207, rowsEnvelope(call, rows));
}
