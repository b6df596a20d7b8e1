/** The OpenAPI 3.1 document, made from the schemas that check requests. */
import { z } from 'zod';
import type { AnyApiRoute } from './route.ts';

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  field: z.string().optional(),
  remedy: z.string(),
});

export function makeOpenApi(routes: readonly AnyApiRoute[]): object {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const operation = operationOf(route, schemas);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  const problem = toSchema(problemSchema, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Linchpin: management',
      version: '1',
      description: 'Dead letters, deliveries, people, replays and connections of a workspace.',
    },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { ...schemas, Problem: problem },
    },
    security: [{ token: [] }],
  };
}

type Schemas = Record<string, unknown>;

function operationOf({ id, summary, params, query, body, answer }: AnyApiRoute, schemas: Schemas): object {
  const json = (schema: object): object => ({ 'application/json': { schema } });
  return {
    operationId: id,
    summary,
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: json(toSchema(body, 'input', schemas)) } }),
    responses: {
      200: { description: 'Done.', content: json(toSchema(answer, 'output', schemas)) },
      default: {
        description: 'A problem; `code` has a page under /docs/errors/.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): readonly object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

/** Schemas with an id of their own go among the components. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): object {
  const text = JSON.stringify(z.toJSONSchema(schema, { io }));
  const {
    $schema: _,
    $defs = {},
    ...rest
  } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as {
    readonly $schema: string;
    readonly $defs?: Schemas;
  };
  Object.assign(schemas, $defs);
  return rest;
}
