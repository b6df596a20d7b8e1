import { expect, test } from 'vitest';
import { connectors } from '../../connectors/registry.ts';
import { makeRegistry } from '../../flows/registry.ts';
import { ConfigError, parseConfiguration } from './index.ts';
import type { Configuration } from './index.ts';

const registry = makeRegistry(connectors);

const HEAD = `workspace: acme
sources:
  site: { type: segment, write_key: wk_test }
  sesamy: { type: sesamy, token: whs_test, client_id: id, client_secret: secret }
connections:
  hubspot: { connector: hubspot, access_token: pat-test }
flows:
`;

function parse(flow: string): Configuration {
  const options = { file: 'linchpin.yaml', registry, lookUp: () => undefined };
  return parseConfiguration(HEAD + flow, options);
}

function problemsOf(flow: string): readonly string[] {
  try {
    parse(flow);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(
        ({ code, line, column, message }) => `${code} ${String(line)}:${String(column)} ${message}`,
      );
    throw error;
  }
  return [];
}

const OWN = `  - name: orders
    action: hubspot/upsert-contact
    from: site
    to: hubspot
    when: { path: event, equals: Order Completed }
    map: { email: { $path: properties.email }, properties: {} }
`;

test("a flow of one's own is understood as written", () => {
  expect(parse(OWN).definition.flows).toEqual([
    {
      name: 'orders',
      action: 'hubspot/upsert-contact',
      from: 'site',
      to: 'hubspot',
      when: { path: 'event', equals: 'Order Completed' },
      map: { email: { $path: 'properties.email' }, properties: {} },
      options: {},
      consent: [],
    },
  ]);
});

test('without a name it is called after its action and what it joins', () => {
  const [flow] = parse(OWN.replace('name: orders\n    ', '')).definition.flows;
  expect(flow?.name).toBe('hubspot-upsert-contact.site.hubspot');
});

const PRESET = '  - { preset: hubspot/identify, from: site, to: hubspot';

test.each<[string, string, string]>([
  [
    'an unknown action',
    OWN.replace('upsert-contact', 'upsert-contcat'),
    'config.unknown_action 9:13 Unknown action "hubspot/upsert-contcat". Did you mean "hubspot/upsert-contact"?',
  ],
  [
    'an action of another connector',
    OWN.replace('hubspot/upsert-contact', 'sesamy/resolve-subscriber'),
    'config.flow_mismatch 9:13 The action sesamy/resolve-subscriber is for connections of sesamy; "hubspot" is one of hubspot.',
  ],
  [
    'neither preset nor action',
    '  - { from: site, to: hubspot }\n',
    `config.missing_key 8:5 The key "preset" is missing in flows[0], or "action" and "map" for a flow of one's own.`,
  ],
  [
    'an action without a mapping',
    OWN.replace(/ {4}map.*\n/, ''),
    'config.missing_key 8:5 The key "map" is missing in flows[0]',
  ],
  [
    'a preset and an action',
    `${PRESET}, action: hubspot/upsert-contact, map: { email: x } }\n`,
    'config.flow_mismatch',
  ],
  [
    'a preset with a mapping',
    `${PRESET}, map: { email: x } }\n`,
    'config.flow_mismatch 8:63 flows[0] has a preset, which brings its own mapping.',
  ],
  [
    'a condition with an unknown operator',
    OWN.replace('equals', 'is'),
    'config.condition_invalid 12:30 flows[0].when.is: There is no operator "is".',
  ],
  [
    'a condition of a preset',
    `${PRESET}, when: { all: [] } }\n`,
    'config.condition_invalid 8:71 flows[0].when.all: "all" needs a list',
  ],
  [
    'an empty condition',
    `${PRESET}, when: }\n`,
    'config.condition_invalid 8:64 flows[0].when: A condition is an object.',
  ],
  [
    'an unknown directive',
    OWN.replace('$path', '$paht'),
    'config.mapping_invalid 13:28 flows[0].map.email.$paht: There is no directive $paht.',
  ],
  [
    'a formula that is none',
    OWN.replace('{ $path: properties.email }', '{ $formula: "1 +" }'),
    'config.mapping_invalid 13:31 flows[0].map.email.$formula: At character',
  ],
  [
    'a mapping that is no object',
    OWN.replace(/map: .*/, 'map: [1]'),
    'config.mapping_invalid 13:10 flows[0].map must be a mapping with the fields that upsert-contact takes.',
  ],
  [
    'a field that the action does not take',
    OWN.replace('{ email', '{ emial: x, email'),
    'config.mapping_invalid 13:12 upsert-contact takes no field "emial". Did you mean "email"?',
  ],
  [
    'an option that the action does not have',
    `${OWN}    options: { merge: email }\n`,
    'config.unknown_key 14:16',
  ],
  [
    'a misspelt key',
    OWN.replace('map:', 'mapp:'),
    'config.unknown_key 13:5 Unknown key "mapp" in flows[0]. Did you mean "map"?',
  ],
])('%s is one mistake with its place', (_, flow, expected) => {
  const problems = problemsOf(flow);
  expect(problems[0]?.slice(0, expected.length)).toBe(expected);
  // A preset beside an action and a mapping is told of both.
  expect(problems.length).toBe(expected === 'config.flow_mismatch' ? 2 : 1);
});

test('a field that the action needs is missed before any event comes', () => {
  const flow = OWN.replace('hubspot/upsert-contact', 'hubspot/add-to-list');
  expect(problemsOf(flow).join('\n')).toMatch(
    /config.missing_key 13:10 flows\[0\].map lacks "\w+", which add-to-list needs/,
  );
});
