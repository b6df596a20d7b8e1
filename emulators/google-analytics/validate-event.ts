import { isJsonObject } from '../../src/kernel/json.ts';
import { nameFault } from './names.ts';
import { validatePurchase } from './validate-purchase.ts';
import { validateScalar } from './validate-scalar.ts';
import type { Violations } from './violations.ts';

// "Limitations" of the reference (read 2026-11).
const PARAMETERS_MAX = 25;
const VALUE_LENGTH_MAX = 100;
const LONGER_VALUES: Readonly<Record<string, number>> = {
  page_title: 300,
  page_referrer: 420,
  page_location: 1_000,
};

/** The rules for one event of a hit. */
export function validateEvent(event: unknown, index: number, violations: Violations): void {
  const at = `Event at index: [${String(index)}]`;
  if (!isJsonObject(event)) {
    violations.add('VALUE_INVALID', 'events', `${at} is not an object.`);
    return;
  }
  const { name, params = {} } = event;
  if (typeof name !== 'string' || name === '') {
    violations.add('VALUE_REQUIRED', 'events', `${at} has no name.`);
    return;
  }
  const fault = nameFault('event', name);
  if (fault === 'NAME_INVALID') {
    violations.add(
      fault,
      'events',
      `${at} has invalid name [${name}]. Names must start with an alphabetic character and hold only letters, digits and underscores.`,
    );
  } else if (fault !== undefined) {
    violations.add(
      fault,
      'events',
      `${at} has name [${name}] which is ${fault === 'NAME_RESERVED' ? 'reserved' : 'too long'}.`,
    );
  }
  if (!isJsonObject(params)) {
    violations.add('VALUE_INVALID', 'events.params', `${at} has params that are not an object.`);
    return;
  }
  if (Object.keys(params).length > PARAMETERS_MAX) {
    violations.add('EXCEEDED_MAX_ENTITIES', 'events.params', `${at} has more than 25 params.`);
  }
  for (const [key, value] of Object.entries(params)) validateParameter(key, value, at, violations);
  if (name === 'purchase') validatePurchase(params, at, violations);
}

function validateParameter(key: string, value: unknown, at: string, violations: Violations): void {
  const path = `events.params.${key}`;
  const fault = nameFault('parameter', key);
  if (fault !== undefined) violations.add(fault, path, `${at} has param [${key}] whose name is not allowed.`);
  // Items have rules of their own.
  if (key === 'items') return;
  validateScalar(value, path, `${at} has param [${key}]`, LONGER_VALUES[key] ?? VALUE_LENGTH_MAX, violations);
}
