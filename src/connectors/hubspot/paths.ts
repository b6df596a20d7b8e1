import type { ApiVersion } from './settings.ts';

/** Where the resources that the connector uses stand in one version of the API. */
export interface Paths {
  /** Records of a type; `/batch/…`, `/search` and `/merge` stand below. */
  readonly objects: (type: string) => string;
  readonly properties: (type: string) => string;
  /** Associations of records of two types; `/batch/…` stands below. */
  readonly associations: (from: string, to: string) => string;
  readonly labels: (from: string, to: string) => string;
  readonly pipelines: (type: string) => string;
  readonly schemas: string;
  readonly lists: string;
  /** Custom behavioural events: `/send` and `/send/batch` stand below. */
  readonly events: string;
  readonly eventDefinitions: string;
  readonly owners: string;
  readonly limits: string;
  readonly account: string;
}

/**
 * Date-based versions put the version behind the resource's area, v3 in the middle of the path, and what the
 * third generation says of associations is its fourth (developers.hubspot.com, API reference, read 2026-11).
 */
export function pathsOf(version: ApiVersion): Paths {
  return version === 'v3' ? V3 : datedPaths(version);
}

const V3: Paths = {
  objects: (type) => `/crm/v3/objects/${segment(type)}`,
  properties: (type) => `/crm/v3/properties/${segment(type)}`,
  associations: (from, to) => `/crm/v4/associations/${segment(from)}/${segment(to)}`,
  labels: (from, to) => `/crm/v4/associations/${segment(from)}/${segment(to)}/labels`,
  pipelines: (type) => `/crm/v3/pipelines/${segment(type)}`,
  schemas: '/crm/v3/schemas',
  lists: '/crm/v3/lists',
  events: '/events/v3',
  eventDefinitions: '/events/v3/event-definitions',
  owners: '/crm/v3/owners',
  limits: '/crm/v3/limits',
  account: '/account-info/v3',
};

function datedPaths(version: string): Paths {
  return {
    objects: (type) => `/crm/objects/${version}/${segment(type)}`,
    properties: (type) => `/crm/properties/${version}/${segment(type)}`,
    associations: (from, to) => `/crm/associations/${version}/${segment(from)}/${segment(to)}`,
    labels: (from, to) => `/crm/associations/${version}/${segment(from)}/${segment(to)}/labels`,
    pipelines: (type) => `/crm/pipelines/${version}/${segment(type)}`,
    schemas: `/crm-object-schemas/${version}/schemas`,
    lists: `/crm/lists/${version}`,
    events: `/events/custom/${version}`,
    eventDefinitions: `/events/custom/${version}/event-definitions`,
    owners: `/crm/owners/${version}`,
    limits: `/crm/limits/${version}`,
    account: `/account-info/${version}`,
  };
}

// Types come from flows; a slash in one must not reach another resource.
function segment(text: string): string {
  return encodeURIComponent(text);
}
