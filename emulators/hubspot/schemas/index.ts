export { schemaRoutes } from './schema-routes.ts';
export { Schemas } from './schemas.ts';
