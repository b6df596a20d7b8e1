import { json, parseCsv, parseMultipart, Refused, UnreadableBody } from '../../core/index.ts';
import type { Part, Reply, Route } from '../../core/index.ts';
import { errorReply, invalid, notFound } from '../errors.ts';
import type { Call } from '../guard.ts';
import { guardWithState } from '../guard-with-state.ts';
import { isFields } from '../input.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { ROWS_PER_FILE, showImport, showImportError } from './import-job.ts';
import type { ImportJob } from './import-job.ts';
import { parseImportRequest } from './import-request.ts';
import { startImport } from './run-import.ts';

const SCOPES = ['crm.import'];
const LIST_DEFAULT = 10;
const ERRORS_DEFAULT = 100;
const FINISHED = new Set(['DONE', 'FAILED', 'CANCELED', 'REVERTED']);

export function importRoutes(version: Version): Route<HubspotState>[] {
  const base = version === 'v3' ? '/crm/v3/imports' : `/crm/imports/${version}`;
  const on = (
    method: 'GET' | 'POST',
    path: string,
    handle: (call: Call, state: HubspotState) => Reply,
  ): Route<HubspotState> => guardWithState({ method, path: `${base}${path}`, scopes: SCOPES, handle });
  return [
    on('POST', '', start),
    on('GET', '', ({ request, portal }) =>
      json(200, page(portal.imports.all().toReversed(), request.query, LIST_DEFAULT, showImport)),
    ),
    on('GET', '/:importId', (call) => json(200, showImport(getImport(call)))),
    on('GET', '/:importId/errors', (call) =>
      json(200, page(getImport(call).errors, call.request.query, ERRORS_DEFAULT, showImportError)),
    ),
    on('POST', '/:importId/cancel', cancel),
  ];
}

function start(call: Call, state: HubspotState): Reply {
  const { request, portal, now } = call;
  const parts = parseMultipart(request.headers['content-type'] ?? '', request.body);
  if (parts === undefined) throw new UnreadableBody('wrong_content_type', '');
  const wanted = parseImportRequest(request, readRequestPart(parts), portal);
  const files = wanted.files.map((file) => {
    const part = parts.find(({ name, fileName }) => name === 'files' && fileName === file.fileName);
    if (part === undefined) throw invalid(`The file ${file.fileName} was not sent`);
    const rows = readRows(part);
    return file.hasHeader ? rows.slice(1) : rows;
  });
  const count = files.reduce((sum, rows) => sum + rows.length, 0);
  if (files.some((rows) => rows.length > ROWS_PER_FILE) || !portal.imports.admitRows(count, now)) {
    // Documented: what exceeds the limits is answered with 429.
    throw new Refused(
      errorReply(429, { message: 'The import exceeds the limits of rows', category: 'RATE_LIMITS' }),
    );
  }
  const job = portal.imports.add(wanted, files, now);
  if (job.state === 'STARTED') startImport(state, portal, job);
  return json(200, showImport(job));
}

function readRequestPart(parts: readonly Part[]): Readonly<Record<string, unknown>> {
  const part = parts.find(({ name }) => name === 'importRequest');
  if (part === undefined) throw invalid('Some required fields were not set: [importRequest]');
  try {
    const source = JSON.parse(part.body.toString('utf8')) as unknown;
    if (isFields(source)) return source;
  } catch (error) {
    throw new UnreadableBody('broken_json', error instanceof Error ? error.message : String(error));
  }
  throw invalid('importRequest is not an object');
}

function readRows(part: Part): string[][] {
  try {
    // An empty line is no row.
    return parseCsv(part.body.toString('utf8')).filter((row) => row.some((cell) => cell !== ''));
  } catch (error) {
    if (error instanceof RangeError) throw invalid(`The file ${part.fileName ?? ''}: ${error.message}`);
    throw error;
  }
}

function cancel(call: Call): Reply {
  const job = getImport(call);
  if (FINISHED.has(job.state)) throw invalid(`Import ${job.id} is already ${job.state}`);
  job.state = 'CANCELED';
  job.updatedAt = call.now;
  const at = new Date(call.now).toISOString();
  return json(200, { status: 'COMPLETE', startedAt: at, completedAt: at });
}

function getImport({ request, portal }: Call): ImportJob {
  const job = portal.imports.find(request.param('importId'));
  if (job === undefined) throw notFound();
  return job;
}

function page<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  limitDefault: number,
  show: (item: Item) => unknown,
): unknown {
  const from = Number(query.get('after') ?? 0);
  const next = from + Number(query.get('limit') ?? limitDefault);
  return {
    results: items.slice(from, next).map(show),
    ...(next < items.length ? { paging: { next: { after: String(next) } } } : {}),
  };
}
