import type { Switches } from './switches.ts';

/** Date-based versions and v3 are one API on different paths, with other statuses for batches. */
export const VERSIONS = ['v3', '2025-09', '2026-03', '2026-09'] as const;
export type Version = (typeof VERSIONS)[number];

/** The path of an area of the API: `/crm/v3/objects`, but `/crm/objects/2026-09`. */
export function pathOf(version: Version, area: 'objects' | 'properties' | 'account-info'): string {
  if (area === 'account-info') return `/account-info/${version}`;
  return version === 'v3' ? `/crm/v3/${area}` : `/crm/${area}/${version}`;
}

/** The status of a batch on records: 207 for a partial failure, except where 2026-09 may have dropped it. */
export function batchStatus(
  version: Version,
  whole: 200 | 201,
  hasErrors: boolean,
  switches: Switches,
): number {
  if (!hasErrors) return whole;
  return version === '2026-09' && switches.partialStatus2026_09 === 'success' ? whole : 207;
}

/** Creating properties in a batch answers 201 on v3 and 200 on 2026-09 (published specifications). */
export function propertyBatchCreateStatus(version: Version): 200 | 201 {
  return version === '2026-09' ? 200 : 201;
}
