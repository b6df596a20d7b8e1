import type { ApiVersion } from './settings.ts';

/** Where the resources that the connector uses stand in one version of the API. */
export interface Paths {
  readonly contacts: string;
  readonly properties: string;
  readonly account: string;
}

/** Date-based versions put the version behind the resource's area, v3 in the middle of the path. */
export function pathsOf(version: ApiVersion): Paths {
  return {
    contacts: version === 'v3' ? '/crm/v3/objects/contacts' : `/crm/objects/${version}/contacts`,
    properties: version === 'v3' ? '/crm/v3/properties/contacts' : `/crm/properties/${version}/contacts`,
    account: `/account-info/${version}`,
  };
}
