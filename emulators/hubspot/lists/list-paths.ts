import type { Version } from '../versions.ts';

export const READ_LISTS = ['crm.lists.read'];
export const WRITE_LISTS = ['crm.lists.write'];

export function listsPath(version: Version): string {
  return version === 'v3' ? '/crm/v3/lists' : `/crm/lists/${version}`;
}
