/** What a route of the management API is made of: from these the server, the checks and the OpenAPI document come. */
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Workspace } from '../../flows/workspace.ts';
import type { Clock } from '../../kernel/clock.ts';
import { LinchpinError } from '../../kernel/errors.ts';

export interface ApiContext {
  readonly pool: Pool;
  readonly clock: Clock;
  /** As it is applied at this moment. */
  readonly workspace: Workspace;
}

export interface ApiRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

export interface ApiRoute<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST';
  /** With `{name}` for each parameter, as OpenAPI writes them. */
  readonly path: string;
  /** Unique; names the operation in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  /** Absent for routes that read none. */
  readonly body?: Body;
  /** The answer as JSON. */
  readonly answer: z.ZodType;
  readonly run: (
    context: ApiContext,
    request: ApiRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<unknown>;
}

/** A route whose types the server need not know: `defineRoute` checked them where it was defined. */
export interface AnyApiRoute extends Omit<ApiRoute, 'run'> {
  // The parameters of `run` are contravariant, so only `any` can stand for "some request".
  // eslint-disable-next-line typescript/no-explicit-any -- see above
  readonly run: (context: ApiContext, request: ApiRequest<any, any, any>) => Promise<unknown>;
}

const NONE = z.object({});
type None = typeof NONE;

/** Defines a route with the types of its schemas inferred; without a schema there is nothing of the kind. */
export function defineRoute<
  Params extends z.ZodObject = None,
  Query extends z.ZodObject = None,
  Body extends z.ZodType = z.ZodUndefined,
>(
  route: Omit<ApiRoute<Params, Query, Body>, 'params' | 'query'> & {
    readonly params?: Params;
    readonly query?: Query;
  },
): AnyApiRoute {
  return { ...route, params: route.params ?? NONE, query: route.query ?? NONE };
}

/** What the schema makes of a part of a request; throws with the first field at fault. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: 'path' | 'query' | 'body',
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = [part, ...(issue?.path ?? [])].map(String).join('.');
  throw new LinchpinError('api.request_invalid', {
    message: `${field}: ${issue?.message ?? 'is invalid'}.`,
    field,
  });
}
