export const start = async (): Promise<unknown> => import('../../src/connectors/acme/index.ts');
