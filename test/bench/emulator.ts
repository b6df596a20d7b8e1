/**
 * The HubSpot emulator as the fixture of load tests: how much memory a million contacts take, how long the searches
 * that a client usually makes take on them, and how fast a batch is written. A process of its own, driven by HTTP; the
 * times are those that the client sees, connection and JSON included.
 */
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { startProcess } from '../support/linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { inParallel, isQuick, median, percentile, progress, report, rounded } from './measure.ts';

const CONTACTS = isQuick() ? 200_000 : 1_000_000;
const SEED_CONTACTS = 10_000;
const SEARCHES = 50;
const BATCHES = 200;
const PORTAL_ID = 1_000_001;
const LAST_DAY_SHARE = 0.01;

const folder = makeTemporaryFolder();
const emulator = await startProcess(['emulate', 'hubspot', '--port', '0'], { cwd: folder });
// One connection: a call is timed alone.
const pool = new Pool(emulator.url, { connections: 1, headersTimeout: 0, bodyTimeout: 0 });

try {
  const started = performance.now();
  await load();
  const loadSeconds = (performance.now() - started) / 1_000;
  progress(`${CONTACTS.toLocaleString('en-GB')} contacts after ${loadSeconds.toFixed(0)} s`);
  await post('/_emulator/limits', { searchesPerSecond: 1_000_000, burst: 1_000_000, isEnforced: false });
  const loadedBytes = residentBytes();
  const first = await timeOne(() => search(byEmail(7)));
  const firstByCity = await timeOne(() => search(equals('city', 'City 7')));
  const changed = await change();
  const figures = {
    contacts: CONTACTS,
    load_per_second: Math.round(CONTACTS / loadSeconds),
    resident_mb: Math.round(loadedBytes / 1e6),
    first_email_search_ms: rounded(first, 1),
    first_city_search_ms: rounded(firstByCity, 1),
    ...(await timeSearches('email_eq', (n) => search(byEmail(n * 31)))),
    ...(await timeSearches('email_in_80', (n) => search(byEmails(n * 31)))),
    ...(await timeSearches('custom_eq', (n) => search(equals('bench_member', `m${String(n * 17)}`)))),
    ...(await timeSearches('modified_by_id', () => search(modifiedSince(changed, 'hs_object_id')))),
    ...(await timeSearches('modified_by_time', () => search(modifiedSince(changed, 'lastmodifieddate')))),
    ...(await timeSearches('all_modified_by_id', () => search(modifiedSince(0, 'hs_object_id')))),
    ...(await timeSearches('all_modified_down', () => search(modifiedSince(0, '-lastmodifieddate')))),
    ...(await timeSearches('page_after_id', (n) => search(pageAfter(n)))),
    ...(await timeSearches('scan_unequal', (n) => search(scanned(n)))),
    ...(await timeSearches('scan_words', (n) => search({ query: `nobody${String(n)}` }))),
    ...(await writeBatches()),
    resident_after_mb: Math.round(residentBytes() / 1e6),
  };
  report('HubSpot emulator: memory and search', figures, [
    `Contacts with seven properties and a custom unique one. Milliseconds per call, median and 99th percentile of ${String(SEARCHES)}; addresses and unique values are always indexed, the first search by another text makes its index. modified_* finds the ${String(LAST_DAY_SHARE * 100)} % that changed last, all_modified_* every contact; scan_* have no index and look at every contact.`,
  ]);
} finally {
  await pool.close();
  await emulator.stop();
  removeFolder(folder);
}

async function load(): Promise<void> {
  await post('/_emulator/seed', {
    portals: [
      {
        portalId: PORTAL_ID,
        properties: [
          {
            groupName: 'contactinformation',
            name: 'bench_member',
            label: 'Member',
            type: 'string',
            fieldType: 'text',
            hasUniqueValue: true,
          },
        ],
      },
    ],
    switches: { searchLagMs: 0 },
  });
  for (let from = 0; from < CONTACTS; from += SEED_CONTACTS) {
    const contacts = Array.from({ length: SEED_CONTACTS }, (_, index) => ({
      properties: contactOf(from + index),
    }));
    await post('/_emulator/seed', { portals: [{ portalId: PORTAL_ID, contacts }] });
  }
}

function contactOf(n: number): Record<string, string> {
  return {
    email: emailOf(n),
    firstname: `First${String(n % 1_000)}`,
    lastname: `Last${String(n)}`,
    phone: `+4670${String(n).padStart(7, '0')}`,
    city: `City ${String(n % 500)}`,
    company: `Company ${String(n % 20_000)}`,
    jobtitle: 'Reader',
    bench_member: `m${String(n)}`,
  };
}

function emailOf(n: number): string {
  return `person.${String(n % CONTACTS)}@example.com`;
}

/** The last hundredth of the contacts changes; the answer is the time before it. */
async function change(): Promise<number> {
  const since = Date.now() - 1;
  const count = CONTACTS * LAST_DAY_SHARE;
  for (let from = CONTACTS - count; from < CONTACTS; from += 100) await upsert(from, 'Changed');
  return since;
}

async function writeBatches(): Promise<Record<string, number>> {
  const started = performance.now();
  await inParallel(1, BATCHES, (index) => upsert((index * 100) % CONTACTS, `Batch${String(index)}`));
  const seconds = (performance.now() - started) / 1_000;
  return { upserts_of_100_per_second: rounded(BATCHES / seconds, 1) };
}

async function upsert(from: number, jobtitle: string): Promise<void> {
  const inputs = Array.from({ length: 100 }, (_, index) => ({
    id: emailOf(from + index),
    idProperty: 'email',
    properties: { jobtitle },
  }));
  await post('/crm/v3/objects/contacts/batch/upsert', { inputs });
}

type SearchBody = Readonly<Record<string, unknown>>;

function filtered(filters: readonly unknown[], more: SearchBody = {}): SearchBody {
  return { filterGroups: [{ filters }], limit: 200, ...more };
}

function equals(propertyName: string, value: string): SearchBody {
  return filtered([{ propertyName, operator: 'EQ', value }]);
}

function byEmail(n: number): SearchBody {
  return equals('email', emailOf(n));
}

/** A hundred addresses do not fit into the 3,000 characters of a search; eighty do. */
function byEmails(n: number): SearchBody {
  const values = Array.from({ length: 80 }, (_, index) => emailOf(n + index));
  return filtered([{ propertyName: 'email', operator: 'IN', values }]);
}

function modifiedSince(since: number, sort: string): SearchBody {
  return filtered([{ propertyName: 'lastmodifieddate', operator: 'GTE', value: String(since) }], {
    sorts: [sort],
  });
}

function pageAfter(n: number): SearchBody {
  const id = String(150_000_000_001 + n * 1_000);
  return filtered(
    [
      { propertyName: 'lastmodifieddate', operator: 'GTE', value: '0' },
      { propertyName: 'hs_object_id', operator: 'GT', value: id },
    ],
    { sorts: ['hs_object_id'] },
  );
}

function scanned(n: number): SearchBody {
  return filtered([{ propertyName: 'city', operator: 'NEQ', value: `City ${String(n)}` }]);
}

function search(body: SearchBody): Promise<void> {
  return post('/crm/v3/objects/contacts/search', body);
}

async function timeOne(call: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await call();
  return performance.now() - started;
}

async function timeSearches(
  name: string,
  call: (index: number) => Promise<void>,
): Promise<Record<string, number>> {
  const times: number[] = [];
  await call(0);
  for (let n = 1; n <= SEARCHES; n++) times.push(await timeOne(() => call(n)));
  progress(`${name}: ${median(times).toFixed(1)} ms`);
  return {
    [`${name}_ms`]: rounded(median(times), 1),
    [`${name}_p99_ms`]: rounded(percentile(times, 0.99), 1),
  };
}

async function post(path: string, body: unknown): Promise<void> {
  const { statusCode, body: answer } = await pool.request({
    method: 'POST',
    path,
    headers: { authorization: 'Bearer pat-na1-emulator', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (statusCode >= 300)
    throw new Error(`POST ${path} answered ${String(statusCode)}: ${text.slice(0, 500)}`);
}

/** Linux only, as the suites that read what a process uses. */
function residentBytes(): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(emulator.pid)}/status`, 'utf8'));
  return Number(line?.[1]) * 1_024;
}
