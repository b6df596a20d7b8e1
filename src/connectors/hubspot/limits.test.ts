import { expect, test } from 'vitest';
import { API_VERSIONS } from './settings.ts';
import { limitsOf } from './limits.ts';
import { pathsOf } from './paths.ts';

function limitsFor(path: string, base?: string): readonly string[] {
  const call = { kind: 'call', method: 'POST', path, ...(base === undefined ? {} : { base }) } as const;
  return limitsOf({ plan: 'professional', add_on: false })
    .filter((limit) => limit.appliesTo(call))
    .map(({ name }) => name);
}

test.each(API_VERSIONS)('calls of %s are counted where HubSpot counts them', (version) => {
  const paths = pathsOf(version);
  expect(limitsFor(`${paths.objects('contacts')}/batch/upsert`)).toEqual(['burst', 'daily']);
  expect(limitsFor(`${paths.objects('companies')}/search`)).toEqual(['search', 'daily']);
  expect(limitsFor(`${paths.associations('contacts', 'companies')}/batch/create`)).toEqual([
    'associations',
    'associations-daily',
  ]);
  expect(limitsFor(`${paths.events}/send/batch`)).toEqual(['events', 'daily']);
  expect(limitsFor(paths.eventDefinitions)).toEqual(['burst', 'daily']);
  expect(limitsFor('/submissions/v3/integration/secure/submit/1/guid', 'forms')).toEqual(['forms']);
});

test.each([
  [{ plan: 'free', add_on: false }, [100, 250_000, 100, 250_000]],
  [{ plan: 'enterprise', add_on: false }, [190, 1_000_000, 150, 500_000]],
  [{ plan: 'enterprise', add_on: true }, [250, 2_000_000, 200, 1_000_000]],
  [{ plan: 'oauth', add_on: true }, [110, undefined, 100, undefined]],
] as const)('the allowance follows plan and add-on: %o', (settings, figures) => {
  const limits = limitsOf(settings);
  const calls = (name: string): number | undefined => limits.find((limit) => limit.name === name)?.calls;
  expect(['burst', 'daily', 'associations', 'associations-daily'].map(calls)).toEqual(figures);
});
