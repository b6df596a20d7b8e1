import type { PropertyFault } from '../errors.ts';
import type { Property } from '../properties/property.ts';
import type { Switches } from '../switches.ts';

/** A value as it will be stored, or why it cannot be. */
export type CheckedValue = { readonly value: string } | { readonly fault: PropertyFault };

// Documented limit of a property's text.
const TEXT_LENGTH_MAX = 65_536;

const NUMBER = /^-?(\d+\.?\d*|\.\d+)$/;
const EPOCH_MS = /^-?\d{1,17}$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
// One @, no spaces, a dotted domain. HubSpot's exact syntax rules are not published.
const EMAIL = /^[^\s@;,<>()]+@[^\s@;,<>()]+\.[^\s@.;,<>()]{2,}$/;

const DAY_MS = 86_400_000;
// Beyond this JavaScript has no dates (ECMA-262, time values).
const TIME_MS_MAX = 8.64e15;

/** Checks one value that is not empty and writes it as HubSpot stores it. `current` matters to lists that append. */
export function checkValue(
  property: Property,
  given: string,
  current: string | undefined,
  switches: Switches,
): CheckedValue {
  if (property.name === 'email') return checkEmail(given);
  switch (property.type) {
    case 'number':
      return checkNumber(property, given);
    case 'bool':
      return checkOptions(property, [given.toLowerCase()], switches);
    case 'date':
      return checkDate(property, given);
    case 'datetime':
      return checkDatetime(property, given);
    case 'enumeration':
      return checkEnumeration(property, given, current, switches);
    case 'string':
    case 'phone_number':
      return given.length <= TEXT_LENGTH_MAX
        ? { value: given }
        : // The code and words of this refusal are assumed.
          fault(
            property.name,
            'PROPERTY_VALUE_TOO_LONG',
            `${property.name} was too long; at most ${TEXT_LENGTH_MAX} characters are allowed`,
          );
  }
}

export function toEmail(given: string): string {
  return given.trim().toLowerCase();
}

function checkEmail(given: string): CheckedValue {
  const value = toEmail(given);
  return EMAIL.test(value) ? { value } : fault('email', 'INVALID_EMAIL', `Email address ${given} is invalid`);
}

function checkNumber(property: Property, given: string): CheckedValue {
  const text = given.trim();
  if (NUMBER.test(text)) return { value: text };
  // Which of the three codes HubSpot takes is only known by example; a decimal-looking text gets the float's.
  const code = /[.eE]/.test(text) && /\d/.test(text) ? 'INVALID_FLOAT' : 'INVALID_INTEGER';
  return fault(property.name, code, `${property.name} was not a valid number`);
}

function checkDate(property: Property, given: string): CheckedValue {
  const text = given.trim();
  if (DATE.test(text)) {
    const at = Date.parse(`${text}T00:00:00Z`);
    // Date.parse refuses month 13, but rolls 30 February over.
    if (!Number.isNaN(at) && toDay(at) === text) return { value: text };
  } else if (EPOCH_MS.test(text)) {
    const at = Number(text);
    if (at % DAY_MS !== 0 && Math.abs(at) <= TIME_MS_MAX) {
      const time = new Date(at);
      const clock = `${time.getUTCHours()}:${time.getUTCMinutes()}:${time.getUTCSeconds()}.${time.getUTCMilliseconds()}`;
      return fault(property.name, 'INVALID_DATE', `${given} is at ${clock} UTC, not midnight!`);
    }
    if (Math.abs(at) <= TIME_MS_MAX) return { value: toDay(at) };
  }
  return fault(property.name, 'INVALID_DATE', `${given} was not a valid date.`);
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

function checkDatetime(property: Property, given: string): CheckedValue {
  const text = given.trim();
  const at = EPOCH_MS.test(text) ? Number(text) : DATETIME.test(text) ? Date.parse(withZone(text)) : NaN;
  return Math.abs(at) <= TIME_MS_MAX
    ? { value: new Date(at).toISOString() }
    : fault(property.name, 'INVALID_LONG', `${given} was not a valid long.`);
}

/** A time without a zone is taken as UTC, not as the zone of the machine. */
function withZone(text: string): string {
  return text.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
}

function checkEnumeration(
  property: Property,
  given: string,
  current: string | undefined,
  switches: Switches,
): CheckedValue {
  if (property.externalOptions) return { value: given };
  if (property.fieldType !== 'checkbox') return checkOptions(property, [given], switches);
  const chosen = given.split(';').filter((part) => part !== '');
  // A leading semicolon adds to the set there is.
  const before = given.startsWith(';') ? (current ?? '').split(';').filter((part) => part !== '') : [];
  const checked = checkOptions(property, chosen, switches);
  return 'fault' in checked ? checked : { value: [...new Set([...before, ...chosen])].join(';') };
}

function checkOptions(property: Property, chosen: readonly string[], switches: Switches): CheckedValue {
  const wrong = chosen.find((value) => !property.options.some((option) => option.value === value));
  if (wrong === undefined) return { value: chosen.join(';') };
  const list = property.options.map(({ label, value }) =>
    switches.invalidOptionStyle === 'values' ? value : `label: "${label}"\nvalue: "${value}"\n`,
  );
  return fault(
    property.name,
    'INVALID_OPTION',
    `${wrong} was not one of the allowed options: [${list.join(', ')}]`,
  );
}

function fault(property: string, code: string, message: string): CheckedValue {
  return { fault: { property, code, message } };
}
