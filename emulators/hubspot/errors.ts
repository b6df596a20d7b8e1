import { json, Refused } from '../core/index.ts';
import type { Reply } from '../core/index.ts';
import type { ObjectType } from './objects/object-type.ts';

/** HubSpot's error envelope. The correlation id joins it on the way out, equal to the header's. */
export interface ErrorBody {
  readonly status: 'error';
  readonly message: string;
  readonly category?: string;
  readonly subCategory?: string;
  readonly errors?: readonly ErrorDetail[];
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly errorType?: string;
  readonly policyName?: string;
  readonly groupName?: string;
}

export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export function errorReply(
  status: number,
  body: Omit<ErrorBody, 'status'>,
  headers?: Record<string, string>,
): Reply {
  return json(status, { status: 'error', ...body } satisfies ErrorBody, headers);
}

function refuse(status: number, body: Omit<ErrorBody, 'status'>): Refused {
  return new Refused(errorReply(status, body));
}

/** A 400 whose only news is the message. Wordings not recorded from live traffic say so where they are thrown. */
export function invalid(message: string, context?: ErrorBody['context']): Refused {
  return refuse(400, {
    message,
    category: 'VALIDATION_ERROR',
    ...(context === undefined ? {} : { context }),
  });
}

/** Recorded for GET and PATCH of unknown ids: this frame has no category. */
export function notFound(): Refused {
  return refuse(404, { message: 'resource not found' });
}

/** Recorded for contacts, the one object whose creation can meet it. */
export function recordExists({ singular }: ObjectType, existingId: string): Refused {
  const name = singular.charAt(0).toUpperCase() + singular.slice(1);
  return refuse(409, { message: `${name} already exists. Existing ID: ${existingId}`, category: 'CONFLICT' });
}

/** A name that is taken; for custom events the category is assumed. */
export function conflict(message: string): Refused {
  return refuse(409, { message, category: 'CONFLICT' });
}

/** A creation without what its object needs. The words are those of the forum's many copies; not recorded by us. */
export function requiredMissing({ messageName }: ObjectType, properties: readonly string[]): Refused {
  return invalid(`Error creating ${messageName}. Some required properties were not set.`, { properties });
}

/** Recorded in September 2026: `holderId`, the second id, owns the value; the first is the record refused. */
export function valueTaken(taken: {
  readonly portalId: number;
  readonly type: ObjectType;
  readonly property: string;
  readonly value: string;
  readonly id: string;
  readonly holderId: string;
}): Refused {
  const { portalId, type, property, value, id, holderId } = taken;
  const [metaTypeId, innerId] = type.id.split('-');
  // Recorded for contacts; that custom objects are written by their two numbers is assumed.
  const typeText =
    metaTypeId === '0'
      ? `legacyObjectType=${type.messageName}`
      : `innerId=${innerId ?? ''}, metaTypeId=${metaTypeId ?? ''}`;
  return invalid(
    `Cannot set PropertyValueCoordinates{portalId=${portalId}, objectTypeId=ObjectTypeId{${typeText}}, ` +
      `propertyName=${property}, value=${value}} on ${id}. ${holderId} already has that value.`,
  );
}

/** One property that a write refuses. */
export interface PropertyFault {
  readonly property: string;
  readonly code: string;
  readonly message: string;
}

/** All bad properties of a record in one answer, as recorded. */
export function propertiesInvalid(faults: readonly PropertyFault[], portalId: number): Refused {
  const list = faults.map(({ property, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name: property,
    localizedErrorMessage: message,
    portalId,
  }));
  return refuse(400, {
    message: `Property values were not valid: ${JSON.stringify(list)}`,
    errors: faults.map(({ property, code, message }) => ({
      message,
      code,
      context: { propertyName: [property] },
    })),
    category: 'VALIDATION_ERROR',
  });
}

/** The words are documented, that they come with 414 is too. */
export function identitiesFull(): Refused {
  return refuse(414, {
    message: 'Cannot have more than 250 identities on a profile',
    category: 'VALIDATION_ERROR',
  });
}

/** The words are assumed. */
export function readOnlyObject({ plural }: ObjectType): Refused {
  return invalid(`Records of type ${plural} cannot be written through the API`);
}

export function duplicateIds(ids: readonly string[]): Refused {
  return invalid(`Duplicate IDs found in batch input: [${ids.join(', ')}]. IDs must be unique`, { ids });
}

export function notUnique(type: ObjectType, property: string, portalId: number): Refused {
  return invalid(
    `Unable to perform update/upsert by non-unique ${type.id} property ${property} in portal ID ${portalId}`,
  );
}

export const NOT_AUTHENTICATED: Reply = errorReply(401, {
  message:
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  category: 'INVALID_AUTHENTICATION',
});

export function expired(seconds: number): Reply {
  return errorReply(401, {
    message: `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
    category: 'EXPIRED_AUTHENTICATION',
  });
}

export function missingScopes(scopes: readonly string[]): Reply {
  return errorReply(403, {
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: scopes },
      },
    ],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
    category: 'MISSING_SCOPES',
  });
}

/** Cloudflare's answer in front of HubSpot: a page, not JSON. */
export function cloudflarePage(status: number, title: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>Error ${status}</h1></body></html>`,
  };
}

/** For what HubSpot has and this emulator does not: plainly not a vendor's answer, so that no test passes on it. */
export function notEmulated(what: string): Refused {
  return refuse(501, { message: `The emulator does not emulate ${what}.`, category: 'NOT_EMULATED' });
}
