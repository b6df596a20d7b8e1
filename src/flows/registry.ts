import type { AnyAction, AnyConnector, AnyPreset } from '../kit/index.ts';

/** What there is to configure: the connectors by id, their presets by id, their actions by `<connector>/<action>`. Handed to whoever needs it. */
export interface Registry {
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly presets: ReadonlyMap<string, RegisteredPreset>;
  readonly actions: ReadonlyMap<string, RegisteredAction>;
}

export interface RegisteredPreset {
  readonly connector: AnyConnector;
  readonly preset: AnyPreset;
}

export interface RegisteredAction {
  readonly connector: AnyConnector;
  readonly action: AnyAction;
}

export function makeRegistry(connectors: readonly AnyConnector[]): Registry {
  return {
    connectors: new Map(connectors.map((connector) => [connector.id, connector])),
    presets: new Map(
      connectors.flatMap((connector) =>
        connector.presets.map((preset) => [preset.id, { connector, preset }] as const),
      ),
    ),
    actions: new Map(
      connectors.flatMap((connector) =>
        Object.values(connector.actions).map(
          (action) => [`${connector.id}/${action.id}`, { connector, action }] as const,
        ),
      ),
    ),
  };
}
