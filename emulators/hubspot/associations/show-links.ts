import type { Call } from '../call.ts';
import type { AssociationType } from './association-type.ts';

/** What the default link answers with: both directions, as the legacy API was recorded to (assumed here). */
export function showDefaultLink(
  call: Call,
  plain: AssociationType,
  fromId: string,
  toId: string,
): Record<string, unknown>[] {
  const inverse = call.portal.associations.types.inverseOf(plain);
  return [show(plain, fromId, toId), show(inverse, toId, fromId)];
}

function show({ category, typeId }: AssociationType, fromId: string, toId: string): Record<string, unknown> {
  return {
    from: { id: fromId },
    to: { id: toId },
    associationSpec: { associationCategory: category, associationTypeId: typeId },
  };
}
