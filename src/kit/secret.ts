import { z } from 'zod';
import { Redacted } from '../kernel/redacted.ts';

const SECRET = z.registry<{ readonly secret: true }>();

function secretText() {
  return (
    z
      .string()
      .trim()
      // Ends the parse: what a schema refines holds secrets only as `Redacted`.
      .min(1, { abort: true })
      .transform((value) => new Redacted(value))
  );
}

/** A settings field that holds a secret: parsed into `Redacted`, sealed at rest, never shown. */
export function secret() {
  const schema = secretText();
  SECRET.add(schema, { secret: true });
  return schema;
}

/** A settings field with any number of secrets by name, such as the headers of a request. The names are no secrets. */
export function secretsByName() {
  const schema = z.record(z.string(), secretText());
  SECRET.add(schema, { secret: true });
  return schema;
}

/** The names of the fields of a settings schema that hold secrets, optional ones included. */
export function secretFields(settings: z.ZodObject): readonly string[] {
  return Object.entries<z.core.$ZodType>(settings.shape)
    .filter(([, field]) => isSecret(unwrap(field)))
    .map(([name]) => name);
}

/** `get` and not `has`: only `get` finds the mark on copies, as `.describe()` and `.meta()` make them. */
function isSecret(schema: z.core.$ZodType): boolean {
  return SECRET.get(schema as z.ZodType) !== undefined;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap())
    : schema;
}
