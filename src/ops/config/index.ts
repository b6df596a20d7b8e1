/** Configuration: linchpin.yaml and the environment. */
export { loadConfiguration, parseConfiguration } from './configuration.ts';
export type { Configuration, ConfigurationSource } from './configuration.ts';
export { readEnvironment } from './environment.ts';
export type { Environment, LogLevel } from './environment.ts';
export { ConfigError, formatProblem } from './problem.ts';
export type { ConfigProblem } from './problem.ts';
export { PORT_MAX, toJsonSchema } from './schema.ts';
export { meant, suggest } from './suggest.ts';
