import { json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { notEmulated } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';

// HubSpot has these too, but the shape of their answers could not be read anywhere.
const UNKNOWN_SHAPES = ['calculated-properties', 'pipelines', 'records', 'associations/labels'];

/** How much of an account's limits on definitions is used. */
export function limitRoutes(version: Version): Route<HubspotState>[] {
  const base = version === 'v3' ? '/crm/v3/limits' : `/crm/limits/${version}`;
  const make = (path: string, handle: (call: Call) => Reply): GuardedRoute => {
    return { method: 'GET', path: `${base}/${path}`, scopes: ['oauth'], handle };
  };
  return [
    make('custom-properties', customProperties),
    make('custom-object-types', customObjectTypes),
    ...UNKNOWN_SHAPES.map((path) =>
      make(path, () => {
        throw notEmulated(`the limits of ${path}`);
      }),
    ),
  ].map(guard);
}

/** Custom properties by object; the overall figures are those of all objects together. */
function customProperties({ portal, switches }: Call): Reply {
  const limit = switches.customPropertiesMax;
  const byObjectType = portal.types.all().map((type) => {
    const own = portal.properties(type.id).list(false);
    const usage = own.filter(({ hubspotDefined }) => !hubspotDefined).length;
    const labels = portal.schemas.find(type.id, false)?.labels;
    return {
      objectTypeId: type.id,
      limit,
      usage,
      percentage: percentageOf(usage, limit),
      singularLabel: labels?.singular ?? toLabel(type.singular),
      pluralLabel: labels?.plural ?? toLabel(type.plural),
    };
  });
  const usage = byObjectType.reduce((sum, { usage: own }) => sum + own, 0);
  const overall = limit * byObjectType.length;
  return json(200, {
    overallLimit: overall,
    overallUsage: usage,
    overallPercentage: percentageOf(usage, overall),
    byObjectType,
  });
}

function customObjectTypes({ portal, switches }: Call): Reply {
  const limit = portal.plan === 'enterprise' ? switches.customObjectTypesMax : 0;
  const usage = portal.schemas.list(false).length;
  return json(200, { limit, usage, percentage: percentageOf(usage, limit) });
}

function percentageOf(usage: number, limit: number): number {
  return limit === 0 ? 0 : (usage / limit) * 100;
}

/** `line_item` is `Line item` to people. */
function toLabel(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
