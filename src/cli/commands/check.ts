import { formatCount } from '../../ops/amounts.ts';
import type { Command } from '../command.ts';
import { CONFIG_FLAG, loadRegistry, readConfigured } from '../configured.ts';
import { EXIT } from '../exit-codes.ts';

export const check: Command = {
  name: 'check',
  summary: 'Check the configuration and name every mistake with its line',
  flags: [
    CONFIG_FLAG,
    { flag: '--schema', description: 'print the JSON Schema of linchpin.yaml, for editors' },
  ],
  examples: ['linchpin check', 'linchpin check --schema > linchpin.schema.json'],
  run: async (invocation) => {
    if (invocation.flags['schema'] === true) {
      const { toJsonSchema } = await import('../../ops/config/index.ts');
      const schema = toJsonSchema(await loadRegistry());
      invocation.output.line(JSON.stringify(schema, null, 2));
      invocation.output.json(schema);
      return EXIT.ok;
    }
    const { definition } = (await readConfigured(invocation)).configuration;
    const { sources, connections, flows } = definition;
    const { output } = invocation;
    output.json({
      ok: true,
      workspace: definition.name,
      sources: sources.map(({ name, type }) => ({ name, type })),
      connections: connections.map(({ name, connector }) => ({ name, connector })),
      flows: flows.map(({ name, preset, action, from, to }) => ({ name, preset, action, from, to })),
    });
    const counts = [
      formatCount(sources.length, 'source'),
      formatCount(connections.length, 'connection'),
      formatCount(flows.length, 'flow'),
    ];
    output.line(`The configuration of ${definition.name} is right: ${counts.join(', ')}.`);
    return EXIT.ok;
  },
};
