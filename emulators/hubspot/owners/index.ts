export { ownerRoutes } from './owner-routes.ts';
export { Owners, ownerSeedSchema } from './owners.ts';
