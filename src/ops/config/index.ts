/** Configuration: linchpin.yaml and the environment. */
export { loadConfiguration, parseConfiguration } from './configuration.ts';
export type { Configuration } from './configuration.ts';
export { readEnvironment } from './environment.ts';
export type { Environment } from './environment.ts';
export { ConfigError } from './problem.ts';
export { toJsonSchema } from './schema.ts';
