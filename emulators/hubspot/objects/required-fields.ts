/** A portal's own rules of what records must have, which only the calls of 2026-09 enforce. */
import type { Values } from './object-record.ts';

/** Fields of the form that people create records with, or fields that a value of another field asks for. */
export interface RequiredRule {
  readonly typeId: string;
  readonly properties: readonly string[];
  /** Absent for the create form; else the rule holds for records with this value, changed ones too. */
  readonly when?: { readonly property: string; readonly value: string };
}

export class RequiredFields {
  readonly #rules: RequiredRule[] = [];

  add(rule: RequiredRule): void {
    this.#rules.push(rule);
  }

  /** What a record would lack. */
  missingOf(typeId: string, values: Values, isNew: boolean): string[] {
    const missing = this.#rules
      .filter((rule) => rule.typeId === typeId)
      .filter(({ when }) => (when === undefined ? isNew : values[when.property] === when.value))
      .flatMap(({ properties }) => properties.filter((name) => (values[name] ?? '') === ''));
    return [...new Set(missing)];
  }
}
