import type { AnyConnector, AnyPreset } from '../kit/index.ts';

/** What there is to configure: the connectors by id and their presets by id. Handed to whoever needs it. */
export interface Registry {
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly presets: ReadonlyMap<string, RegisteredPreset>;
}

export interface RegisteredPreset {
  readonly connector: AnyConnector;
  readonly preset: AnyPreset;
}

export function makeRegistry(connectors: readonly AnyConnector[]): Registry {
  return {
    connectors: new Map(connectors.map((connector) => [connector.id, connector])),
    presets: new Map(
      connectors.flatMap((connector) =>
        connector.presets.map((preset) => [preset.id, { connector, preset }] as const),
      ),
    ),
  };
}
