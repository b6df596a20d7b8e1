import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readInputs, readObject, readText } from '../input.ts';
import type { Fields } from '../input.ts';
import type { HubspotState } from '../state.ts';
import { batchStatus } from '../versions.ts';
import type { Version } from '../versions.ts';
import { findType, pairOf } from './association-call.ts';
import type { Pair } from './association-call.ts';
import { associationsPath } from './association-paths.ts';
import { rowsEnvelope, runRows } from './association-rows.ts';
import type { AssociationType } from './association-type.ts';

/** How many records a record may be linked with: the limits that an account sets for itself. */
export function configurationRoutes(version: Version): Route<HubspotState>[] {
  const root = `${associationsPath(version)}/definitions/configurations`;
  const pair = `${root}/:from/:to`;
  const routes: Omit<GuardedRoute, 'scopes'>[] = [
    { method: 'GET', path: `${root}/all`, handle: listAll },
    { method: 'GET', path: pair, handle: list },
    { method: 'POST', path: `${pair}/batch/create`, handle: (call) => put(call, version, 201) },
    { method: 'POST', path: `${pair}/batch/update`, handle: (call) => put(call, version, 200) },
    { method: 'POST', path: `${pair}/batch/purge`, handle: purge },
  ];
  return routes.map((route) => guard({ ...route, scopes: ['oauth'], kind: 'associations' }));
}

function listAll(call: Call): Reply {
  return json(200, {
    results: [...call.portal.associations.maxima].map(([type, max]) => ({
      fromObjectTypeId: type.from,
      toObjectTypeId: type.to,
      ...show(type, max),
    })),
  });
}

function list(call: Call): Reply {
  const { from, to } = pairOf(call, 'read');
  const { types, maxima } = call.portal.associations;
  const results = types.between(from, to).flatMap((type) => {
    const max = maxima.get(type);
    return max === undefined ? [] : [show(type, max)];
  });
  return json(200, { results });
}

/** A limit below what records have already is kept for new links only (assumed). */
function put(call: Call, version: Version, whole: 200 | 201): Reply {
  const pair = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request));
  const rows = runRows(inputs, (input) => {
    const type = readType(call, pair, input);
    const max = Number(readText(call.request, input, 'maxToObjectIds'));
    // Wording assumed.
    if (!Number.isInteger(max) || max < 1) throw invalid('maxToObjectIds must be a number of at least 1');
    call.portal.associations.maxima.set(type, max);
    return [show(type, max)];
  });
  const { errors } = rows;
  return json(batchStatus(version, whole, errors.length > 0, call.switches), rowsEnvelope(call, rows));
}

function purge(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request));
  const types = inputs.map((input) => readType(call, pair, input));
  for (const type of types) call.portal.associations.maxima.delete(type);
  return empty(204);
}

function readType(call: Call, pair: Pair, input: Fields): AssociationType {
  const [category, typeId] = [
    readText(call.request, input, 'category'),
    readText(call.request, input, 'typeId'),
  ];
  return findType(call, pair, category, typeId, ['category', 'typeId']);
}

function show({ category, typeId, label }: AssociationType, max: number): Record<string, unknown> {
  return {
    category,
    typeId,
    ...(label === null ? {} : { label }),
    userEnforcedMaxToObjectIds: max,
  };
}
