import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { DEFAULT_INSTALLATION, kilkayaEmulator } from '../../emulators/kilkaya/index.ts';

// Kilkaya publishes nothing about its collector. The parameters are those of the browser's own script (read 2026-11);
// that everything is answered with a pixel is assumed.

const start = () => startEmulator(kilkayaEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
});
afterEach(() => emulator.close());

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0';
const sound = {
  i: DEFAULT_INSTALLATION,
  l: 'p',
  cs: '1',
  nopv: '1',
  u: 'https://www.example.com/thanks',
  cntt: 'Monthly|autumn',
};

async function hit(
  query: Readonly<Record<string, string>>,
  method: 'GET' | 'POST' = 'GET',
  userAgent = BROWSER,
) {
  const search = new URLSearchParams(query).toString();
  const response = await request(`${emulator.url}/${search === '' ? '' : `?${search}`}`, {
    method,
    headers: { 'user-agent': userAgent },
  });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  return [response.statusCode, response.headers['content-type'], bytes.subarray(0, 6).toString()];
}

const PIXEL = [200, 'image/gif', 'GIF89a'];

test('a sound hit is a conversion with its tags, and leaves nothing in the report', async () => {
  expect(await hit({ ...sound, r: 'https://search.example/' })).toEqual(PIXEL);
  expect(await hit({ ...sound, cv: '1', _s: 'conversion' })).toEqual(PIXEL);
  expect(emulator.state.hits).toMatchObject([
    {
      version: 1,
      isConversion: true,
      countsPageView: false,
      tags: ['Monthly', 'autumn'],
      userAgent: BROWSER,
    },
    { version: 2, isConversion: true },
  ]);
  const report = await request(`${emulator.url}/_emulator/report`);
  expect(await report.body.json()).toEqual({ hits: 2, sound: 2, violations: [] });
});

const { i: _i, ...withoutInstallation } = sound;
const { u: _u, ...withoutPage } = sound;

test.each<[string, Parameters<typeof hit>, string]>([
  ['nothing', [{}], 'i'],
  ['no installation', [withoutInstallation], 'i'],
  ['an id of another form', [{ ...sound, i: 'G-123' }], 'i'],
  ['an installation of others', [{ ...sound, i: 'f'.repeat(24) }], 'i'],
  ['no page', [withoutPage], 'u'],
  ['a page that is none', [{ ...sound, u: 'www.example.com' }], 'u'],
  ['a referrer that is none', [{ ...sound, r: '' }], 'r'],
  ['a page view', [{ ...sound, nopv: '0' }], 'nopv'],
  ['no conversion', [{ ...sound, cs: '0' }], 'cs'],
  ['half of version 2', [{ ...sound, cv: '1' }], 'cv'],
  ['an empty slot', [{ ...sound, cntt: 'Monthly||autumn' }], 'cntt'],
  ['an unknown parameter', [{ ...sound, tags: 'x' }], 'tags'],
  ['a machine', [sound, 'GET', 'node'], 'user-agent'],
  ['another method', [sound, 'POST'], 'method'],
])('%s is answered with the pixel too, and reported', async (_what, args, of) => {
  expect(await hit(...args)).toEqual(PIXEL);
  expect(emulator.state.report.map((line) => line.of)).toContain(of);
  expect(emulator.state.soundCount).toBe(0);
});

test('any path is answered with the pixel, and only the page script has an address of its own', async () => {
  const statusOf = async (path: string) => (await request(`${emulator.url}${path}`)).statusCode;
  expect(await statusOf('/collect/v9?x=1')).toBe(200);
  expect(emulator.state.report).toMatchObject([{ of: 'path' }]);
  expect(await statusOf(`/${DEFAULT_INSTALLATION}.js`)).toBe(200);
  expect(await statusOf(`/${'f'.repeat(24)}.js`)).toBe(404);
  expect(await statusOf('/_emulator/page')).toBe(200);
  expect(emulator.state.hits).toEqual([]);
});
