import { propertiesInvalid } from '../errors.ts';
import type { PropertyFault } from '../errors.ts';
import { wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { toOption } from '../properties/property-rules.ts';
import type { Property } from '../properties/property.ts';
import { hasEmailIdentity } from './object-call.ts';
import type { ObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import { withStages } from './stages.ts';
import { checkValue } from './value-rules.ts';

/** The values of an input as they will be stored, or one refusal that names all that are wrong (recorded). */
export function checkProperties(
  call: ObjectCall,
  given: Fields,
  record: ObjectRecord | undefined,
): Record<string, string> {
  const { portal, type, records, properties, switches } = call;
  const changes: Record<string, string> = {};
  const faults: PropertyFault[] = [];
  const refuse = (property: string, code: string, message: string): void =>
    void faults.push({ property, code, message });
  for (const [name, raw] of Object.entries(given)) {
    const property = properties.find(name);
    if (property === undefined) {
      refuse(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
      continue;
    }
    const isWritable =
      !property.readOnlyValue || (name === 'hs_additional_emails' && switches.additionalEmailsWritable);
    if (!isWritable) {
      refuse(name, 'READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set`);
      continue;
    }
    const text = toText(call, name, raw);
    if (text === undefined) continue;
    if (text === '') {
      changes[name] = '';
      continue;
    }
    const fitted = withOwners(call, withStages(portal, type.id, property));
    const checked = checkValue(fitted, text, record?.values[name], switches);
    if ('fault' in checked) faults.push(checked.fault);
    else if (name === 'email' && hasEmailIdentity(type) && records.isBarred(checked.value)) {
      // The import API has this name for it; that objects refuse with the same is assumed.
      refuse(
        name,
        'GDPR_BLACKLISTED_EMAIL',
        `Email address ${checked.value} was deleted for privacy reasons`,
      );
    } else changes[name] = checked.value;
  }
  if (faults.length > 0) throw propertiesInvalid(faults, portal.id);
  return changes;
}

/** Owners are options that live elsewhere; whether a stranger's id is refused is a switch. */
function withOwners({ portal, switches }: ObjectCall, property: Property): Property {
  if (property.referencedObjectType !== 'OWNER' || switches.unknownOwner === 'accept') return property;
  const options = portal.owners.all().map(({ id, email }, order) => toOption(email, id, order));
  return { ...property, options, externalOptions: false };
}

function toText(call: ObjectCall, name: string, raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
  if (raw === null && call.switches.nullValue === 'ignore') return undefined;
  if (raw === null && call.switches.nullValue === 'clear') return '';
  return wrongType(call.request, name, 'java.lang.String', raw);
}
