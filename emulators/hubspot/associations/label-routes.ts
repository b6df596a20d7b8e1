import { empty, json, Refused } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { errorReply, invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readObject, readText } from '../input.ts';
import type { Fields } from '../input.ts';
import { planLacks } from '../plan-refusal.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { linkedBy, pairOf, requirePlain, showTypes } from './association-call.ts';
import type { Pair } from './association-call.ts';
import { associationsPath } from './association-paths.ts';
import type { AssociationType } from './association-type.ts';

// Documented: no hyphen, and no digit at the beginning.
const LABEL_NAME = /^[^\d-][^-]*$/;

/** The association types of a pair of objects; labels may be added. */
export function labelRoutes(version: Version): Route<HubspotState>[] {
  const bases = [associationsPath(version)];
  // A newer rollout of v4 lists its labels on this path as well.
  if (version === 'v3') bases.push('/crm/associations/v4');
  return bases.flatMap((base) => {
    const labels = `${base}/:from/:to/labels`;
    const routes: Omit<GuardedRoute, 'scopes'>[] = [
      { method: 'GET', path: labels, handle: list },
      { method: 'POST', path: labels, handle: create },
      { method: 'PUT', path: labels, handle: update },
      { method: 'DELETE', path: `${labels}/:typeId`, handle: remove },
    ];
    return routes.map((route) => guard({ ...route, scopes: ['oauth'], kind: 'associations' }));
  });
}

function list(call: Call): Reply {
  const { from, to } = pairOf(call, 'read');
  return json(200, { results: showTypes(call.portal.associations.types.between(from, to)) });
}

function create(call: Call): Reply {
  const pair = pairOf(call, 'write');
  requireProfessional(call);
  const fields = readObject(call.request);
  const missing = ['name', 'label'].filter((key) => (readText(call.request, fields, key) ?? '') === '');
  if (missing.length > 0) throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  const name = readText(call.request, fields, 'name') ?? '';
  // The rules are documented, the words of their refusals assumed.
  if (!LABEL_NAME.test(name)) {
    throw invalid(`The association name "${name}" is invalid: no hyphen, and no digit at the beginning`, {
      name: [name],
    });
  }
  requirePlain(call, pair);
  const { types } = call.portal.associations;
  const labels = types.between(pair.from, pair.to).filter(isLabel);
  refuseTaken(labels, 'name', name);
  const label = readLabel(call, fields, labels, undefined);
  const max = call.switches.associationLabelsMax;
  if (labels.length >= max) throw invalid(`The limit of ${max} association labels is reached`);
  const inverseLabel = readText(call.request, fields, 'inverseLabel');
  const [forward, backward] = types.addLabel(pair.from, pair.to, { name, label, inverseLabel });
  return json(200, { results: showTypes(forward === backward ? [forward] : [forward, backward]) });
}

function update(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const fields = readObject(call.request);
  const type = findLabel(call, pair, readText(call.request, fields, 'associationTypeId'));
  const { types } = call.portal.associations;
  const others = types.between(pair.from, pair.to).filter((other) => isLabel(other) && other !== type);
  const label = readLabel(call, fields, others, type);
  const inverse = types.inverseOf(type);
  const inverseLabel = readText(call.request, fields, 'inverseLabel');
  // A label without an inverse of its own reads the same from both ends, also after it was renamed.
  if (inverseLabel !== undefined) inverse.label = inverseLabel;
  else if (inverse.label === type.label) inverse.label = label;
  type.label = label;
  return empty(204);
}

function remove(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const type = findLabel(call, pair, call.request.param('typeId'));
  const { associations } = call.portal;
  if (call.switches.deleteOfUsedLabel === 'refuse' && associations.isUsed(type)) {
    throw invalid(`The association label ${type.typeId} is in use`, {
      associationTypeId: [String(type.typeId)],
    });
  }
  associations.removeLabel(type, linkedBy(call));
  return empty(204);
}

function requireProfessional({ portal, switches }: Call): void {
  const isSmall = portal.plan === 'free' || portal.plan === 'starter';
  if (isSmall && switches.labelsBelowProfessional === 'refuse') throw planLacks(portal, 'association labels');
}

function isLabel(type: AssociationType): boolean {
  return type.category === 'USER_DEFINED' && type.label !== null;
}

/** Only labels of one's own can be changed: HubSpot's stay as they are. */
function findLabel(call: Call, { from, to }: Pair, typeId: string | undefined): AssociationType {
  if (typeId === undefined) throw invalid('Some required fields were not set: [associationTypeId]');
  const types = call.portal.associations.types.between(from, to);
  const found = types.find((type) => isLabel(type) && String(type.typeId) === typeId);
  if (found !== undefined) return found;
  throw new Refused(
    errorReply(404, {
      message: `No association label with id ${typeId} exists from ${from.id} to ${to.id}`,
      category: 'OBJECT_NOT_FOUND',
      context: { associationTypeId: [typeId] },
    }),
  );
}

function readLabel(
  call: Call,
  fields: Fields,
  others: readonly AssociationType[],
  type: AssociationType | undefined,
): string {
  const label = readText(call.request, fields, 'label') ?? '';
  if (label === '') throw invalid('Some required fields were not set: [label]');
  // A rename to what it is called already changes nothing.
  if (label !== type?.label) refuseTaken(others, 'label', label);
  return label;
}

function refuseTaken(types: readonly AssociationType[], key: 'name' | 'label', value: string): void {
  if (!types.some((type) => type[key] === value)) return;
  throw invalid(`An association with the ${key} "${value}" exists already`, { [key]: [value] });
}
