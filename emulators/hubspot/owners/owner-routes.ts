import { json, Refused } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { errorReply, invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { showOwner } from './owners.ts';

const SCOPES = ['crm.objects.owners.read'];

const PAGE_DEFAULT = 100;
const PAGE_MAX = 500;

/** Reading owners; nothing writes them. */
export function ownerRoutes(version: Version): Route<HubspotState>[] {
  const base = version === 'v3' ? '/crm/v3/owners' : `/crm/owners/${version}`;
  return [
    guard({ method: 'GET', path: base, scopes: SCOPES, handle: list }),
    guard({ method: 'GET', path: `${base}/:id`, scopes: SCOPES, handle: read }),
  ];
}

function list({ request, portal }: Call): Reply {
  const { query, origin, path } = request;
  const limit = Number(query.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    throw invalid(`limit must be between 1 and ${PAGE_MAX}`);
  }
  const after = query.get('after') ?? '0';
  if (!/^\d*$/.test(after)) throw invalid('after must be a paging token of a former answer');
  const email = query.get('email')?.toLowerCase();
  const found = portal.owners
    .all()
    .filter(({ archived }) => archived === isArchived(query))
    .filter((owner) => email === undefined || owner.email.toLowerCase() === email)
    .filter(({ id }) => Number(id) > Number(after));
  const results = found.slice(0, limit);
  const last = results.at(-1)?.id ?? '';
  const next = new URLSearchParams(query);
  next.set('after', last);
  return json(200, {
    results: results.map(showOwner),
    ...(found.length <= limit
      ? {}
      : { paging: { next: { after: last, link: `${origin}${path}?${next.toString()}` } } }),
  });
}

function read({ request, portal }: Call): Reply {
  const id = request.param('id');
  const idProperty = request.query.get('idProperty') ?? 'id';
  if (idProperty !== 'id' && idProperty !== 'userId') {
    throw invalid(`idProperty must be one of [id, userId], not ${idProperty}`);
  }
  const owner = portal.owners
    .all()
    .filter(({ archived }) => archived === isArchived(request.query))
    .find((one) => String(one[idProperty]) === id);
  if (owner === undefined) throw new Refused(errorReply(404, { message: 'resource not found' }));
  return json(200, showOwner(owner));
}

function isArchived(query: URLSearchParams): boolean {
  return query.get('archived') === 'true';
}
