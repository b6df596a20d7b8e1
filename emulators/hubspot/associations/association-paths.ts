import type { Version } from '../versions.ts';

/** Associations are v4 where everything else is v3. */
export function associationsPath(version: Version): string {
  return version === 'v3' ? '/crm/v4/associations' : `/crm/associations/${version}`;
}

/** Where the associations of one record live. */
export function linkedObjectsPath(version: Version): string {
  return version === 'v3' ? '/crm/v4/objects' : `/crm/objects/${version}`;
}
