import { z } from 'zod';
import { defineEmulator, json } from '../core/index.ts';
import type { EmulatorRequest, PageTable, Reply } from '../core/index.ts';
import { judgeHit, readHit } from './judge-hit.ts';
import { KilkayaState } from './state.ts';

export { DEFAULT_INSTALLATION } from './state.ts';

// One transparent pixel, 43 bytes.
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

function pixel(): Reply {
  return { status: 200, headers: { 'content-type': 'image/gif' }, body: GIF };
}

// The longest address that servers are known to take is 8 kB; bodies have no place here at all.
const BODY_BYTES_MAX = 65_536;

const PIXEL_PATH = '/';
const SCRIPT = /^\/([0-9a-f]{24})\.js$/;

/** A collector of Kilkaya: a pixel for whatever it is sent, and a report of what was wrong with it. */
export const kilkayaEmulator = defineEmulator({
  id: 'kilkaya',
  title: 'Kilkaya',
  seedSchema: z.strictObject({ installations: z.array(z.string().min(1)).optional() }),
  makeState: (context) => new KilkayaState(context),
  applySeed: (state, { installations = [] }) => {
    for (const id of installations) state.installations.add(id);
  },
  showState: ({ installations, hits, soundCount }) => ({
    installations: [...installations],
    hits,
    soundCount,
  }),
  showPage,
  limits: {
    schema: z.strictObject({ callsPerSecond: z.int().positive().nullable() }),
    show: ({ callsPerSecond }) => ({ callsPerSecond }),
    apply: (state, { callsPerSecond }) => {
      state.callsPerSecond = callsPerSecond;
    },
  },
  routes: [
    { method: 'GET', path: PIXEL_PATH, handle: take },
    // The page script of an installation. That there is none for an unknown one is inferred.
    { method: 'GET', path: '/:file', handle: script },
  ],
  adminRoutes: [
    {
      method: 'GET',
      path: '/report',
      handle: (_request, state) =>
        json(200, {
          hits: state.hits.length,
          sound: state.soundCount,
          violations: state.report,
        }),
    },
  ],
  // Whatever it is, a collector has nothing to say about it but that it is there.
  refuse: (reason) => (reason === 'unavailable' || reason === 'internal' ? { status: 503 } : pixel()),
  finish: (reply, request, state) => {
    if (request.path !== PIXEL_PATH && !SCRIPT.test(request.path)) {
      report(request, state, { of: 'path', text: `is not ${PIXEL_PATH}` });
    } else if (request.method !== 'GET') {
      report(request, state, { of: 'method', text: 'is not GET' });
    }
    return reply;
  },
  bodyBytesMax: BODY_BYTES_MAX,
});

function take(request: EmulatorRequest, state: KilkayaState): Reply {
  if (state.isOverLimit()) return { status: 429 };
  const violations = judgeHit(request, state.installations);
  state.hits.push(readHit(request));
  if (violations.length === 0) state.soundCount += 1;
  for (const violation of violations) report(request, state, violation);
  return pixel();
}

function script(request: EmulatorRequest, state: KilkayaState): Reply {
  const id = SCRIPT.exec(request.path)?.[1];
  if (id === undefined) return pixel();
  if (!state.installations.has(id)) return { status: 404 };
  return {
    status: 200,
    headers: { 'content-type': 'application/javascript' },
    body: `window.kilkaya = window.kilkaya || { installation: '${id}' };\n`,
  };
}

function report(
  { at, method, path, query }: EmulatorRequest,
  state: KilkayaState,
  violation: { readonly of: string; readonly text: string },
): void {
  const search = query.toString();
  state.report.push({
    at: new Date(at).toISOString(),
    request: `${method} ${path}${search === '' ? '' : `?${search}`}`,
    ...violation,
  });
}

// What fits a screen; the admin surface has them all.
const ROWS_SHOWN = 50;

function showPage(state: KilkayaState): readonly PageTable[] {
  return [
    {
      title: 'Hits',
      columns: ['Time', 'Conversion', 'Version', 'Page', 'Referrer', 'Tags'],
      rows: state.hits
        .slice(-ROWS_SHOWN)
        .map(({ at, isConversion, version, url, referrer, tags }) => [
          at,
          isConversion ? 'yes' : 'no',
          String(version),
          url,
          referrer ?? '',
          tags.join(', '),
        ]),
      note: `${String(state.hits.length)} in all, ${String(state.soundCount)} of them without fault.`,
    },
    {
      title: 'Report',
      columns: ['Time', 'Of', 'What is wrong', 'Request'],
      rows: state.report.slice(-ROWS_SHOWN).map(({ at, of, text, request }) => [at, of, text, request]),
    },
  ];
}
