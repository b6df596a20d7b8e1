import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const connectorsList: Command = {
  name: 'connectors list',
  summary: 'List the connectors with their presets, actions and settings',
  examples: ['linchpin connectors list', 'linchpin connectors list --json'],
  run: async ({ output }) => {
    const { connectors } = await import('../../connectors/registry.ts');
    const { secretFields } = await import('../../kit/index.ts');
    const listed = connectors.map(({ id, title, source, settings, presets, actions }) => {
      const secrets = secretFields(settings);
      return {
        id,
        title,
        role: source === undefined ? 'connection' : 'source',
        presets: presets.map((preset) => ({ id: preset.id, title: preset.title, summary: preset.summary })),
        actions: Object.values(actions).map((action) => ({
          id: `${id}/${action.id}`,
          title: action.title,
          summary: action.summary,
        })),
        settings: Object.keys(settings.shape).map((name) => ({ name, secret: secrets.includes(name) })),
      };
    });
    output.json({ connectors: listed });
    output.table(
      ['connector', 'declared under', 'presets', 'actions', 'settings'],
      listed.map(({ id, role, presets, actions, settings }) => [
        id,
        `${role}s`,
        presets.map((preset) => preset.id).join('\n'),
        actions.map((action) => action.id).join('\n'),
        settings.map(({ name, secret }) => `${name}${secret ? ' (secret)' : ''}`).join('\n'),
      ]),
    );
    return EXIT.ok;
  },
};
