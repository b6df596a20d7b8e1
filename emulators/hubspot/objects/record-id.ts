// Twelve digits, as recorded ids have; they grow with time and are unique per object type only.
export const FIRST_ID = 150_000_000_001;

/** Where a record stands among those of its type: ids grow by one, so that this is a place in an array. */
export function rowOf(id: string): number {
  return Number(id) - FIRST_ID;
}
