export { ownerRoutes } from './owner-routes.ts';
export { ownerSeedSchema } from './owners.ts';
