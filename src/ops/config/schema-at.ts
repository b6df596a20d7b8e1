import { z } from 'zod';
import type { Path } from './yaml-tree.ts';
import { valueAt } from './found.ts';

/** The keys that the schema knows at a place of a file; for a choice, those of the variant that was chosen. */
export function keysAt(schema: z.core.$ZodType, root: unknown, path: Path): readonly string[] {
  const found = schemaAt(schema, root, path);
  return found instanceof z.ZodObject ? Object.keys(fieldsOf(found)) : [];
}

/** The values among which the discriminator at `path` chooses. */
export function choicesAt(schema: z.core.$ZodType, root: unknown, path: Path): readonly string[] {
  const discriminator = String(path.at(-1));
  const found = walk(schema, root, path.slice(0, -1), path.slice(0, -1));
  if (!(found instanceof z.ZodDiscriminatedUnion)) return [];
  return found.options.flatMap((option) => literalsOf(option, discriminator));
}

function schemaAt(schema: z.core.$ZodType, root: unknown, path: Path): z.core.$ZodType | undefined {
  const found = walk(schema, root, path, path);
  return found instanceof z.ZodDiscriminatedUnion ? variantOf(found, valueAt(root, path)) : found;
}

function walk(schema: z.core.$ZodType, root: unknown, path: Path, rest: Path): z.core.$ZodType | undefined {
  const [step, ...deeper] = rest;
  const bare = unwrap(schema);
  if (step === undefined) return bare;
  const here = path.slice(0, path.length - rest.length);
  const container = bare instanceof z.ZodDiscriminatedUnion ? variantOf(bare, valueAt(root, here)) : bare;
  const next: z.core.$ZodType | undefined =
    container instanceof z.ZodObject
      ? fieldsOf(container)[step]
      : container instanceof z.ZodRecord
        ? container.valueType
        : container instanceof z.ZodArray
          ? container.element
          : undefined;
  return next === undefined ? undefined : walk(next, root, path, deeper);
}

function variantOf(union: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType | undefined {
  const { discriminator } = union.def;
  const chosen = valueAt(value, [discriminator]);
  return union.options.find((option) =>
    literalsOf(option, discriminator).some((literal) => literal === chosen),
  );
}

function literalsOf(option: z.core.$ZodType, discriminator: string): readonly string[] {
  const literal = option instanceof z.ZodObject ? fieldsOf(option)[discriminator] : undefined;
  return literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [];
}

/** zod leaves the types of the fields of some object open. */
function fieldsOf(object: z.ZodObject): Readonly<Record<string, z.core.$ZodType>> {
  return object.shape;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? unwrap(schema.unwrap())
    : schema;
}
