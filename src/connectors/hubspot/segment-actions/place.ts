import type { JsonValue } from '../../../kernel/json.ts';
import type { ImportRemark } from '../../../kit/index.ts';

/** Where in a subscription something stands, and where to say what becomes of it. */
export class Place {
  readonly path: string;
  readonly #of: string;
  readonly #remarks: ImportRemark[];
  /** What paths begin at inside a `@transform`: the keys of its first stage, translated. */
  readonly stage: ReadonlyMap<string, JsonValue> | undefined;

  constructor(of: string, path: string, remarks: ImportRemark[], stage?: ReadonlyMap<string, JsonValue>) {
    this.#of = of;
    this.path = path;
    this.#remarks = remarks;
    this.stage = stage;
  }

  at(...keys: readonly (string | number)[]): Place {
    const path = keys.reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[${String(key)}]` : `${text}.${key}`),
      this.path,
    );
    return new Place(this.#of, path, this.#remarks, this.stage);
  }

  within(stage: ReadonlyMap<string, JsonValue> | undefined): Place {
    return new Place(this.#of, this.path, this.#remarks, stage);
  }

  leaveOut(text: string): undefined {
    this.#remarks.push({ of: this.#of, path: this.path, kind: 'left_out', text });
    return undefined;
  }

  differs(text: string): void {
    this.#remarks.push({ of: this.#of, path: this.path, kind: 'differs', text });
  }
}
