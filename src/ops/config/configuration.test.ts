import { expect, test } from 'vitest';
import { connectors } from '../../connectors/registry.ts';
import { makeRegistry } from '../../flows/registry.ts';
import { ConfigError, parseConfiguration } from './index.ts';
import type { Configuration } from './index.ts';

const registry = makeRegistry(connectors);

function parse(text: string, variables: Readonly<Record<string, string>> = {}): Configuration {
  return parseConfiguration(text, { file: 'linchpin.yaml', registry, lookUp: (name) => variables[name] });
}

/** What the reader of the error sees, a line per problem. */
function problemsOf(text: string, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  try {
    parse(text, variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const MINIMAL = `workspace: acme
sources:
  site:    { type: segment, write_key: wk_test }
  sesamy:  { type: sesamy, token: whs_test, api_url: "http://127.0.0.1:4020", client_id: id, client_secret: secret }
connections:
  hubspot: { connector: hubspot, access_token: "\${HUBSPOT_ACCESS_TOKEN}", base_url: "http://127.0.0.1:4010", plan: professional }
flows:
  - { preset: hubspot/subscribers, from: sesamy, to: hubspot }
  - { preset: hubspot/identify,    from: site,   to: hubspot }
`;
const TOKEN = { HUBSPOT_ACCESS_TOKEN: 'pat-na1-emulator' };

test('the minimal configuration of the manual is understood as written', () => {
  expect(parse(MINIMAL, TOKEN)).toEqual({
    definition: {
      name: 'acme',
      sources: [
        {
          name: 'site',
          type: 'segment',
          settings: {},
          secrets: { write_key: 'wk_test' },
          credential: 'wk_test',
        },
        {
          name: 'sesamy',
          type: 'sesamy',
          settings: { api_url: 'http://127.0.0.1:4020', client_id: 'id' },
          secrets: { token: 'whs_test', client_secret: 'secret' },
          credential: 'whs_test',
        },
      ],
      connections: [
        {
          name: 'hubspot',
          connector: 'hubspot',
          delivery: { shards: 1, retry: { attemptsMax: 10, firstWaitMs: 2_000, factor: 4 } },
          settings: { base_url: 'http://127.0.0.1:4010', plan: 'professional' },
          secrets: { access_token: 'pat-na1-emulator' },
        },
      ],
      flows: [
        {
          name: 'hubspot-subscribers.sesamy.hubspot',
          preset: 'hubspot/subscribers',
          from: 'sesamy',
          to: 'hubspot',
          options: {},
          consent: [],
        },
        {
          name: 'hubspot-identify.site.hubspot',
          preset: 'hubspot/identify',
          from: 'site',
          to: 'hubspot',
          options: {},
          consent: [],
        },
      ],
    },
    retention: { events: 30, attempts: 30, rejected: 30 },
    http: { port: undefined, trustProxy: false },
  });
});

test.each([
  [
    'an unset variable',
    MINIMAL.replaceAll('HUBSPOT_ACCESS_TOKEN', 'UNSET'),
    ['6:49: The environment variable UNSET is not set. Set it, or write ${UNSET:-default}.'],
  ],
  [
    'an unknown key at the top',
    'workspace: acme\nsorces: {}\n',
    ['2:1: Unknown key "sorces". Did you mean "sources"?'],
  ],
  [
    'an unknown key of a connection',
    'workspace: acme\nconnections:\n  hubspot:\n    connector: hubspot\n    acess_token: t0p-s3cret\n    access_token: x\n',
    ['5:5: Unknown key "acess_token" in connections.hubspot. Did you mean "access_token"?'],
  ],
  [
    'a connection without anything to let it in',
    'workspace: acme\nconnections:\n  hubspot: { connector: hubspot, plan: free }\n',
    [
      '3:12: The key "access_token" is missing in connections.hubspot. Give it, or client_id and client_secret of an app to log in to.',
    ],
  ],
  [
    'a connection with a token and an app',
    'workspace: acme\nconnections:\n  hubspot:\n    connector: hubspot\n    access_token: x\n    client_id: app\n',
    [
      '6:16: connections.hubspot.client_id cannot be "app": Leave it out, or access_token: a connection has one or the other.',
    ],
  ],
  [
    'an unknown key that is like none',
    'workspace: acme\nretention: { forever: true }\n',
    ['2:14: Unknown key "forever" in retention. Known keys: attempts_days, events_days, rejected_days.'],
  ],
  [
    'too many shards',
    'workspace: acme\nconnections:\n  hubspot:\n    connector: hubspot\n    access_token: x\n    delivery: { shards: 17 }\n',
    ['6:25: connections.hubspot.delivery.shards must be at most 16; found "17".'],
  ],
  [
    'more shards than the vendor takes calls at once',
    'workspace: acme\nconnections:\n  rule:\n    connector: rule\n    api_key: x\n    delivery: { shards: 5 }\n',
    [
      '6:25: connections.rule.delivery.shards cannot be "5": The connector makes 4 calls at once at most, and each shard needs one. Use at most 4.',
    ],
  ],
  ['a wrong type', 'workspace: acme\nsources: [site]\n', ['2:10: sources must be a mapping; found a list.']],
  [
    'a number as a secret',
    'workspace: acme\nsources:\n  site: { type: segment, write_key: 12345 }\n',
    ['3:37: sources.site.write_key must be text; found a number. Put quotes around it.'],
  ],
  [
    'a missing key',
    'workspace: acme\nsources:\n  site: { type: segment }\n',
    ['3:9: The key "write_key" is missing in sources.site.'],
  ],
  [
    'a source without a type',
    'workspace: acme\nsources:\n  site: { write_key: x }\n',
    ['3:9: The key "type" is missing in sources.site.'],
  ],
  ['an empty file', '', ['1:1: The file must be a mapping; found nothing.']],
  ['a file that is a list', '- a\n- b\n', ['1:1: The file must be a mapping; found a list.']],
  [
    'an empty secret',
    'workspace: acme\nsources:\n  site: { type: segment, write_key: "" }\n',
    ['3:37: sources.site.write_key must be text that is not empty; found nothing.'],
  ],
  [
    'an unknown type of source',
    'workspace: acme\nsources:\n  site: { type: segmnt, write_key: x }\n',
    ['3:17: Unknown source type "segmnt". Did you mean "segment"?'],
  ],
  [
    'an unknown connector',
    'workspace: acme\nconnections:\n  crm: { connector: hubspt, access_token: x }\n',
    ['3:21: Unknown connector "hubspt". Did you mean "hubspot"?'],
  ],
  [
    'a value outside a choice',
    MINIMAL.replace('professional', 'profesional'),
    ['6:116: connections.hubspot.plan cannot be "profesional". Did you mean "professional"?'],
  ],
  [
    'an address that is none',
    MINIMAL.replace('"http://127.0.0.1:4010"', 'localhost'),
    ['6:85: connections.hubspot.base_url must be an address like https://example.com; found "localhost".'],
  ],
  [
    'an unknown preset',
    MINIMAL.replace('hubspot/identify', 'hubspot/identfy'),
    ['9:15: Unknown preset "hubspot/identfy". Did you mean "hubspot/identify"?'],
  ],
  [
    'a dangling source',
    MINIMAL.replace('from: sesamy', 'from: sesmay'),
    ['8:42: There is no source or connection named "sesmay". Did you mean "sesamy"?'],
  ],
  [
    'a dangling connection',
    MINIMAL.replace('from: site,   to: hubspot', 'from: site,   to: crm'),
    ['9:54: There is no connection named "crm". Known connections: hubspot.'],
  ],
  [
    'a name given twice',
    'workspace: acme\nsources:\n  site: { type: segment, write_key: a }\n  site: { type: segment, write_key: b }\n',
    ['4:3: "site" stands here a second time. Names are unique; rename or remove one.'],
  ],
  [
    'a name that cannot be one',
    'workspace: acme\nsources:\n  My Site: { type: segment, write_key: a }\n',
    [
      '3:3: "My Site" cannot be a name. Use lower-case letters, digits, "-" and "_", beginning with a letter.',
    ],
  ],
  [
    'a workspace that cannot be a name',
    'workspace: Acme Inc\n',
    [
      '1:12: workspace cannot be "Acme Inc". Use lower-case letters, digits, "-" and "_", beginning with a letter.',
    ],
  ],
  [
    'two sources with one credential',
    'workspace: acme\nsources:\n  a: { type: segment, write_key: k }\n  b: { type: segment, write_key: k }\n',
    [
      '4:34: The source "b" has the same credential as "a". Each needs its own, because it tells their events apart.',
    ],
  ],
  [
    'two flows of one name',
    MINIMAL.replaceAll('{ preset', '{ name: one, preset'),
    ['9:13: A flow before this one has the name "one" already.'],
  ],
  [
    'a connection with the name of a source that has one',
    MINIMAL.replace('  hubspot: {', '  sesamy: {').replaceAll('to: hubspot', 'to: sesamy'),
    [
      '6:3: "sesamy" is the name of a source whose connector has a connection of that name already. Rename this connection.',
    ],
  ],
  [
    'a preset for another connector',
    MINIMAL.replace('preset: hubspot/identify', 'preset: sesamy/resolve'),
    [
      /^9:15: The preset sesamy\/resolve is for connections of sesamy; "hubspot" is one of hubspot. Presets for hubspot: hubspot\/subscribers, hubspot\/identify, /,
      '9:40: The preset sesamy/resolve takes subscriber events; "site" is a source of type segment and has none.',
    ],
  ],
  [
    'a flow from a source without such events',
    MINIMAL.replace('from: site', 'from: sesamy'),
    [
      '9:42: The preset hubspot/identify takes identify events; "sesamy" is a source of type sesamy and has none.',
    ],
  ],
  [
    'an unknown option of a flow',
    MINIMAL.replace('to: hubspot }\n  -', 'to: hubspot, options: { nonsense: 1 } }\n  -'),
    [/^8:74: Unknown key "nonsense" in flows\[0\]\.options\. Known keys: /],
  ],
  [
    'a number out of range',
    'workspace: acme\nretention: { events_days: 1 }\n',
    ['2:27: retention.events_days must be at least 2; found "1".'],
  ],
  [
    'a variable without quotes in braces',
    'workspace: acme\nsources:\n  site: { type: segment, write_key: ${KEY} }\n',
    [/^3:\d+: Inside \{ … \} a variable needs quotes: "\$\{NAME\}"\.$/],
  ],
  [
    'a malformed variable',
    'workspace: "${not a name}"\n',
    [
      '1:13: A "${" without a variable\'s name and "}". Write ${NAME} or ${NAME:-default}, or $${ for a literal one.',
    ],
  ],
  ['a tab', 'workspace: acme\nsources:\n\tsite: {}\n', [/^3:1: .*tabs/]],
] as const)('%s is one error with its place and what was meant', (_, text, expected) => {
  const problems = problemsOf(text, TOKEN);
  expect(problems).toHaveLength(expected.length);
  for (const [index, wanted] of expected.entries()) {
    const said = problems[index]?.replace('linchpin.yaml:', '');
    if (typeof wanted === 'string') expect(said).toBe(wanted);
    else expect(said).toMatch(wanted);
  }
});

test('everything that is wrong is told at once, in the order of the file', () => {
  const text = `workspace: acme
sources:
  site: { type: segment, write_kee: wk_live_hidden }
  app: pat-na1-in-the-wrong-place
connections:
  hubspot: { connector: hubspot, access_token: "\${NOT_SET}", plan: gold }
flows:
  - { preset: hubspot/nothing, from: site, to: crm }
`;
  expect(problemsOf(text)).toEqual([
    'linchpin.yaml:3:26: Unknown key "write_kee" in sources.site. Did you mean "write_key"?',
    'linchpin.yaml:4:8: sources.app must be a mapping; found text.',
    'linchpin.yaml:6:49: The environment variable NOT_SET is not set. Set it, or write ${NOT_SET:-default}.',
    'linchpin.yaml:6:68: connections.hubspot.plan cannot be "gold". Known values: enterprise, free, oauth, professional, starter.',
    `linchpin.yaml:8:15: Unknown preset "hubspot/nothing". Known presets: ${[...registry.presets.keys()].sort().join(', ')}.`,
    'linchpin.yaml:8:48: There is no connection named "crm". Known connections: hubspot.',
  ]);
});

test('one mistake carries its own code and place, several the code for several', () => {
  const codeOf = (text: string): unknown => {
    try {
      return parse(text);
    } catch (error) {
      return error instanceof ConfigError ? [error.code, error.field] : error;
    }
  };
  expect(codeOf('workspace: acme\nx: 1\n')).toEqual(['config.unknown_key', 'linchpin.yaml:2:1']);
  expect(codeOf('workspace: acme\nx: 1\ny: 2\n')).toEqual(['config.invalid', 'linchpin.yaml:2:1']);
});

test('a number or a boolean may come from a variable, and a numeric token stays text', () => {
  const configuration = parse(
    'workspace: acme\nsources:\n  site: { type: segment, write_key: "${KEY}" }\nhttp: { port: "${P}", trust_proxy: "${T}" }\n',
    { KEY: '0042', P: '8080', T: 'true' },
  );
  expect(configuration.http).toEqual({ port: 8080, trustProxy: true });
  expect(configuration.definition.sources[0]?.credential).toBe('0042');
});

test('delivery settings that are given in part leave the others at their defaults', () => {
  const text = `workspace: acme\nconnections:\n  hubspot:\n    connector: hubspot\n    access_token: x\n    delivery: { shards: 2, retry: { attempts: 3, first_wait_seconds: 0.5 } }\n`;
  const [connection] = parse(text).definition.connections;
  expect(connection?.delivery).toEqual({
    shards: 2,
    retry: { attemptsMax: 3, firstWaitMs: 500, factor: 4 },
  });
  expect(connection?.settings).toEqual({});
});

test('a variable that holds no number is named, and its value is not', () => {
  expect(problemsOf('workspace: acme\nhttp: { port: "${P}" }\n', { P: 'hunter2' })).toEqual([
    'linchpin.yaml:2:15: http.port must be a number; found text.',
  ]);
});

test('flows that join the same things get names of their own', () => {
  const flows = MINIMAL.split('\n')
    .slice(0, -1)
    .concat('  - { preset: hubspot/identify, from: site, to: hubspot }\n');
  expect(parse(flows.join('\n'), TOKEN).definition.flows.map(({ name }) => name)).toEqual([
    'hubspot-subscribers.sesamy.hubspot',
    'hubspot-identify.site.hubspot',
    'hubspot-identify.site.hubspot-2',
  ]);
});

test('an alias repeats what its anchor says, and one that holds itself ends', () => {
  const configuration = parse('workspace: &name acme\nsources:\n  a: { type: segment, write_key: *name }\n');
  expect(configuration.definition.sources[0]?.credential).toBe('acme');
  expect(problemsOf('workspace: acme\nsources: &all\n  a: *all\n')).toEqual([
    'linchpin.yaml:3:3: sources.a must be a mapping; found nothing.',
  ]);
});
