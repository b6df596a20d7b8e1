import { z } from 'zod';

/** What HubSpot tells about a property, as far as the connector relies on it. */
export const propertySchema = z.object({
  name: z.string(),
  label: z.string().default(''),
  type: z.string(),
  fieldType: z.string().default(''),
  calculated: z.boolean().optional(),
  externalOptions: z.boolean().optional(),
  hasUniqueValue: z.boolean().optional(),
  modificationMetadata: z.object({ readOnlyValue: z.boolean().optional() }).optional(),
  options: z
    .array(
      z.looseObject({
        label: z.string(),
        value: z.string(),
        displayOrder: z.number().nullish(),
      }),
    )
    .default([]),
});
export type PropertyAnswer = z.output<typeof propertySchema>;

/** A property of records, prepared for turning values into what it takes. */
export interface Property {
  readonly name: string;
  readonly type: string;
  /** Holds several options at once, written `a;b`. */
  readonly isMultiple: boolean;
  readonly isWritable: boolean;
  /** HubSpot lets no two records share a value, and finds a record by it. */
  readonly isUnique: boolean;
  /** `null` where HubSpot takes values from elsewhere (owners) or the type has none. */
  readonly options: Options | null;
  /** Of stages in several pipelines: the property that holds the pipeline, and the pipeline of each stage. */
  readonly home?: { readonly name: string; readonly of: ReadonlyMap<string, string> };
}

/** What is written together with a value: a stage's pipeline, for HubSpot wants both moved in one write. */
export function broughtBy({ home }: Property, value: string): Readonly<Record<string, string>> {
  const pipeline = home?.of.get(value);
  return home === undefined || pipeline === undefined ? {} : { [home.name]: pipeline };
}

export class Options {
  /** Each option's value with its place in HubSpot's order. */
  readonly #places: ReadonlyMap<string, number>;
  /** Values by label or value in lower case; `null` where two options share a spelling. */
  readonly #bySpelling = new Map<string, string | null>();

  constructor(options: PropertyAnswer['options']) {
    // Options without an order (-1) keep the place they were listed at.
    const ordered = options
      .map((option, index) => ({
        option,
        order: (option.displayOrder ?? -1) < 0 ? index : (option.displayOrder ?? index),
      }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ option }) => option);
    this.#places = new Map(ordered.map(({ value }, place) => [value, place]));
    for (const { label, value } of ordered) {
      for (const spelling of new Set([label.trim().toLowerCase(), value.trim().toLowerCase()])) {
        const other = this.#bySpelling.get(spelling);
        this.#bySpelling.set(spelling, other === undefined || other === value ? value : null);
      }
    }
  }

  /** The internal value of an option given by value or by label; `undefined` when it is none or not clear. */
  find(text: string): string | undefined {
    if (this.#places.has(text)) return text;
    return this.#bySpelling.get(text.trim().toLowerCase()) ?? undefined;
  }

  /** All values, in HubSpot's order. */
  values(): Iterable<string> {
    return this.#places.keys();
  }

  /** Where the option stands in HubSpot's order, for "forward only". */
  place(value: string): number | undefined {
    return this.#places.get(value);
  }
}

export function toProperty(answer: PropertyAnswer): Property {
  const hasOptions = answer.type === 'enumeration' || answer.type === 'bool';
  return {
    name: answer.name,
    type: answer.type,
    isMultiple: answer.type === 'enumeration' && answer.fieldType === 'checkbox',
    isWritable: answer.calculated !== true && answer.modificationMetadata?.readOnlyValue !== true,
    isUnique: answer.hasUniqueValue === true,
    options: hasOptions && answer.externalOptions !== true ? new Options(answer.options) : null,
  };
}
