/** The configuration and the environment, as commands that need linchpin.yaml read them. */
import type { Registry } from '../flows/registry.ts';
import type { Configuration, Environment } from '../ops/config/index.ts';
import type { Flag, Invocation } from './command.ts';
import { textFlag } from './command.ts';

export const CONFIG_FLAG: Flag = {
  flag: '--config <file>',
  description: 'the configuration (LINCHPIN_CONFIG, else linchpin.yaml)',
};

export const DATA_FLAG: Flag = {
  flag: '--data <folder>',
  description: 'the data folder (LINCHPIN_DATA, else ./data)',
};

export interface Configured {
  readonly configuration: Configuration;
  readonly environment: Environment;
  readonly registry: Registry;
  readonly dataDir: string;
}

/** Every connector of this version, loaded only by the commands that need them. */
export async function loadRegistry(): Promise<Registry> {
  const { connectors } = await import('../connectors/registry.ts');
  const { makeRegistry } = await import('../flows/registry.ts');
  return makeRegistry(connectors);
}

export async function readConfigured(invocation: Invocation): Promise<Configured> {
  const { loadConfiguration, readEnvironment } = await import('../ops/config/index.ts');
  const environment = readEnvironment();
  const registry = await loadRegistry();
  const file = textFlag(invocation, 'config') ?? environment.configFile;
  const configuration = loadConfiguration({ file, registry, lookUp: environment.lookUp });
  return {
    configuration,
    environment,
    registry,
    dataDir: textFlag(invocation, 'data') ?? environment.dataDir,
  };
}
