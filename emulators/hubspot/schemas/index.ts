export { createSchema } from './create-schema.ts';
export { schemaRoutes } from './schema-routes.ts';
