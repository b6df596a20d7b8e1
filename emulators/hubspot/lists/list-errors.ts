import { Refused } from '../../core/index.ts';
import { errorReply, invalid } from '../errors.ts';
import type { HubspotList } from './hubspot-list.ts';

/** The sub-category is recorded, the words are assumed. */
export function nameTaken(name: string): Refused {
  return new Refused(
    errorReply(400, {
      message: `A list already exists with name ${name}.`,
      category: 'VALIDATION_ERROR',
      subCategory: 'ILS.DUPLICATE_LIST_NAMES',
      context: { name: [name] },
    }),
  );
}

/** Recorded, but for the sub-category. */
export function nameUnknown(name: string, typeId: string): Refused {
  return unknown(`List does not exist with name ${name} and object type ID ${typeId}.`);
}

/** Worded like the recorded refusal of a name. */
export function listUnknown(id: string): Refused {
  return unknown(`List does not exist with ID ${id}.`);
}

/** Documented as a rule; the words are assumed. */
export function membersFixed(list: HubspotList): Refused {
  return invalid(
    `The memberships of list ${list.id} cannot be changed: its processing type is ${list.processingType}.`,
    {
      listId: [list.id],
    },
  );
}

function unknown(message: string): Refused {
  return new Refused(
    errorReply(404, { message, category: 'OBJECT_NOT_FOUND', subCategory: 'ILS.LIST_DOES_NOT_EXIST' }),
  );
}
