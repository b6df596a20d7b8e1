import { Refused } from '../../core/index.ts';
import { errorReply, invalid } from '../errors.ts';
import type { AssociationType, LinkedType } from './association-type.ts';

/** One end of the link does not exist. The wording for the far end is recorded, the near one taken to be alike. */
export function endMissing(type: LinkedType, id: string, side: 'FROM' | 'TO'): Refused {
  return new Refused(
    errorReply(404, {
      message: `No ${type.singular} with ID ${id} exists`,
      context: { objectType: [type.singular], id: [id] },
      category: 'OBJECT_NOT_FOUND',
      subCategory: `crm.associations.${side}_OBJECT_NOT_FOUND`,
    }),
  );
}

/** Wording assumed, as of the refusals below; that they are 400 is what the documents lead to expect. */
export function typeUnknown(
  from: LinkedType,
  to: LinkedType,
  category: string,
  typeId: number | string,
): Refused {
  return invalid(
    `No association type with category ${category} and id ${typeId} exists from ${from.id} to ${to.id}`,
    { associationCategory: [category], associationTypeId: [String(typeId)] },
  );
}

export function pairUndefined(from: LinkedType, to: LinkedType): Refused {
  return invalid(`Objects of type ${from.id} cannot be associated with objects of type ${to.id}`, {
    fromObjectTypeId: [from.id],
    toObjectTypeId: [to.id],
  });
}

export function linkedWithItself(type: LinkedType, id: string): Refused {
  return invalid(`Cannot associate the ${type.singular} ${id} with itself`, { id: [id] });
}

export function tooManyLinks(type: AssociationType, max: number): Refused {
  return new Refused(
    errorReply(400, {
      message: `The limit of ${max} associations of type ${type.typeId} (${type.category}) is reached`,
      category: 'VALIDATION_ERROR',
      subCategory: 'crm.associations.ASSOCIATION_LIMIT_EXCEEDED',
      context: { associationCategory: [type.category], associationTypeId: [String(type.typeId)] },
    }),
  );
}

/** A batch read of a record without associations (as integrators report it; see the switch). */
export function notAssociated(from: LinkedType, to: LinkedType, id: string): Refused {
  return new Refused(
    errorReply(404, {
      message: `No ${to.singular} is associated with ${from.singular} ${id}.`,
      context: { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] },
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    }),
  );
}
