import { expect, test } from 'vitest';
import { readEnvironment } from './index.ts';

test('without variables everything has its default', () => {
  expect(readEnvironment({})).toMatchObject({
    databaseUrl: undefined,
    masterKey: undefined,
    configFile: 'linchpin.yaml',
    dataDir: 'data',
    port: undefined,
    host: '127.0.0.1',
    logLevel: 'info',
  });
});

test('a variable that is set to nothing counts as not set', () => {
  expect(readEnvironment({ DATABASE_URL: '', PORT: ' ', LINCHPIN_DATA: '' })).toMatchObject({
    databaseUrl: undefined,
    port: undefined,
    dataDir: 'data',
  });
});

test('secrets are wrapped, and given only when asked for', () => {
  const { databaseUrl, lookUp } = readEnvironment({ DATABASE_URL: 'postgres://u:p@db/x', TOKEN: 't' });
  expect(databaseUrl?.reveal()).toBe('postgres://u:p@db/x');
  expect(String(databaseUrl)).toBe('[redacted]');
  expect(lookUp('TOKEN')).toBe('t');
  expect(lookUp('OTHER')).toBeUndefined();
});

test.each([
  ['0', 0],
  ['8080', 8080],
  ['65535', 65535],
])('PORT %s is %i', (text, port) => {
  expect(readEnvironment({ PORT: text }).port).toBe(port);
});

test.each(['65536', '-1', '80.5', '0x50', 'http'])('PORT %s is refused', (text) => {
  expect(() => readEnvironment({ PORT: text })).toThrow(/PORT must be a whole number from 0 to 65535/);
});

test.each(['postgresql://db', 'postgres://u@/x?host=/var/run/postgresql', '/var/run/postgresql x'])(
  'DATABASE_URL %s is an address',
  (text) => {
    expect(readEnvironment({ DATABASE_URL: text }).databaseUrl?.reveal()).toBe(text);
  },
);

test.each(['nonsense', 'db:5432/x', 'https://db/x', 'hunter2'])(
  'DATABASE_URL %s is refused, and not shown',
  (text) => {
    const read = (): unknown => readEnvironment({ DATABASE_URL: text });
    expect(read).toThrow(/DATABASE_URL must be an address such as postgres:/);
    expect(read).not.toThrow(text);
  },
);
