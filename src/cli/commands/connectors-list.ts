import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const connectorsList: Command = {
  name: 'connectors list',
  summary: 'List the connectors with their presets and settings',
  examples: ['linchpin connectors list', 'linchpin connectors list --json'],
  run: async ({ output }) => {
    const { connectors } = await import('../../connectors/registry.ts');
    const { secretFields } = await import('../../kit/index.ts');
    const listed = connectors.map(({ id, title, source, settings, presets }) => {
      const secrets = secretFields(settings);
      return {
        id,
        title,
        role: source === undefined ? 'connection' : 'source',
        presets: presets.map((preset) => ({ id: preset.id, title: preset.title, summary: preset.summary })),
        settings: Object.keys(settings.shape).map((name) => ({ name, secret: secrets.includes(name) })),
      };
    });
    output.json({ connectors: listed });
    output.table(
      ['connector', 'declared under', 'presets', 'settings'],
      listed.map(({ id, role, presets, settings }) => [
        id,
        `${role}s`,
        presets.map((preset) => preset.id).join('\n'),
        settings.map(({ name, secret }) => `${name}${secret ? ' (secret)' : ''}`).join('\n'),
      ]),
    );
    return EXIT.ok;
  },
};
