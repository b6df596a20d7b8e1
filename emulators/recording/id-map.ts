// Shorter numbers are as likely a count as an id.
const DIGITS_MIN = 5;
const ID = new RegExp(`^\\d{${DIGITS_MIN},}$`);

/** Ids that the vendor gave, and those that the emulator gave in their places. */
export class IdMap {
  readonly #emulated = new Map<string, string>();

  /** Learns from two answers to one call: numbers that stand in the same place under the name of an id. */
  learn(recorded: unknown, emulated: unknown, name = ''): void {
    if (Array.isArray(recorded) && Array.isArray(emulated)) {
      for (const [index, element] of (recorded as unknown[]).entries())
        this.learn(element, emulated[index], name);
      return;
    }
    if (
      typeof recorded === 'object' &&
      recorded !== null &&
      typeof emulated === 'object' &&
      emulated !== null
    ) {
      const other = emulated as Readonly<Record<string, unknown>>;
      for (const [key, value] of Object.entries(recorded)) this.learn(value, other[key], key);
      return;
    }
    const [was, is] = [String(recorded), String(emulated)];
    if (/id$|^id/i.test(name) && ID.test(was) && ID.test(is) && was !== is) this.#emulated.set(was, is);
  }

  /** A later path or body with the emulator's ids in place of the vendor's. */
  translate(text: string): string {
    if (this.#emulated.size === 0) return text;
    return text.replaceAll(/\d{5,}/g, (digits) => this.#emulated.get(digits) ?? digits);
  }
}
