import { z } from 'zod';
import { Redacted } from '../kernel/redacted.ts';

const SECRET = z.registry<{ readonly secret: true }>();

/** A settings field that holds a secret: parsed into `Redacted`, sealed at rest, never shown. */
export function secret() {
  const schema = z
    .string()
    .trim()
    .min(1)
    .transform((value) => new Redacted(value));
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
  return SECRET.get(schema as ReturnType<typeof secret>) !== undefined;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap())
    : schema;
}
