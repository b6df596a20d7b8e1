import { Refused } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { errorReply } from '../errors.ts';
import type { Schema } from './schema.ts';

/** The custom object of the path, or the refusal. Wording assumed. */
export function getSchema({ portal, request }: Call, isArchived: boolean): Schema {
  const text = request.param('type');
  const schema = portal.schemas.find(text, isArchived);
  if (schema !== undefined) return schema;
  throw new Refused(
    errorReply(404, { message: `Object type ${text} does not exist`, category: 'OBJECT_NOT_FOUND' }),
  );
}
