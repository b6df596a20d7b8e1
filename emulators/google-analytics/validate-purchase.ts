import { isJsonObject } from '../../src/kernel/json.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { validateScalar } from './validate-scalar.ts';
import type { Violations } from './violations.ts';

const NUMBERS = ['value', 'tax', 'shipping'] as const;
const ITEM_NUMBERS = ['price', 'quantity', 'discount', 'index'] as const;
const CURRENCY = /^[A-Z]{3}$/;
const VALUE_LENGTH_MAX = 100;
// 200 items are documented for events that browsers send; that the protocol has the same bound is inferred (2026-11).
const ITEMS_MAX = 200;

/** What `purchase` asks beyond the rules of every event: .../protocol/ga4/reference/events#purchase (read 2026-11). */
export function validatePurchase(params: JsonObject, at: string, violations: Violations): void {
  const { transaction_id, currency, items } = params;
  if (transaction_id === undefined || transaction_id === '') {
    violations.add('VALUE_REQUIRED', 'events.params.transaction_id', `${at} needs param [transaction_id].`);
  }
  for (const key of NUMBERS)
    checkNumber(params[key], `events.params.${key}`, `${at} has param [${key}]`, violations);
  if (currency === undefined) {
    if (params['value'] !== undefined) {
      violations.add(
        'VALUE_REQUIRED',
        'events.params.currency',
        `${at} has param [value] and needs param [currency].`,
      );
    }
  } else if (typeof currency !== 'string' || !CURRENCY.test(currency)) {
    violations.add(
      'VALUE_INVALID',
      'events.params.currency',
      `${at} has a currency that is no ISO 4217 code.`,
    );
  }
  if (!Array.isArray(items) || items.length === 0) {
    violations.add('VALUE_REQUIRED', 'events.params.items', `${at} needs param [items].`);
    return;
  }
  if (items.length > ITEMS_MAX) {
    violations.add('EXCEEDED_MAX_ENTITIES', 'events.params.items', `${at} has more than 200 items.`);
  }
  items.forEach((item: unknown, index) => validateItem(item, index, at, violations));
}

function validateItem(item: unknown, index: number, event: string, violations: Violations): void {
  const path = `events.params.items[${String(index)}]`;
  const at = `${event}, item at index: [${String(index)}]`;
  if (!isJsonObject(item)) {
    violations.add('VALUE_INVALID', path, `${at} is not an object.`);
    return;
  }
  if (!isGiven(item['item_id']) && !isGiven(item['item_name'])) {
    violations.add('VALUE_REQUIRED', path, `${at} needs item_id or item_name.`);
  }
  for (const key of ITEM_NUMBERS) {
    const value = item[key];
    if (typeof value === 'string' && !isNumeric(value)) {
      violations.addInternal(`Failed to convert ${at}, param [${key}] with value [${value}] to a number.`);
    }
  }
  for (const [key, value] of Object.entries(item)) {
    validateScalar(value, `${path}.${key}`, `${at} has param [${key}]`, VALUE_LENGTH_MAX, violations);
  }
}

function checkNumber(value: unknown, path: string, what: string, violations: Violations): void {
  if (value === undefined || typeof value === 'number') return;
  if (typeof value === 'string' && isNumeric(value)) return;
  violations.add('VALUE_INVALID', path, `${what} whose value is not a number.`);
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '';
}
