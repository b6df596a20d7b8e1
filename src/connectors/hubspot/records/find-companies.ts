/**
 * Companies by domain, which HubSpot's API does not hold unique: it finds them by search only, and a search sees a new
 * company up to half a minute late (developers.hubspot.com, "Search the CRM", 2026-11, and integrators' reports). So
 * the domain is looked for where the answer is never late first: in the unique property that Linchpin keeps it in,
 * and among the ids that this process has seen. What the search finds is read again by id, for a search may answer
 * with values of a while ago.
 */
import { isJsonObject } from '../../../kernel/json.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { KnownRecords } from './known-records.ts';
import { readBy } from './read-records.ts';
import type { RecordState, Wanted } from './read-records.ts';
import type { RecordContext } from './record-context.ts';
import { refKey } from './record-ref.ts';

/** The company of each domain, or the ids of all when there are several. */
export function* findByDomain(
  domains: ReadonlySet<string>,
  wanted: Wanted,
  context: RecordContext,
): Steps<ReadonlyMap<string, RecordState | readonly string[]> | undefined> {
  const found = new Map<string, RecordState | readonly string[]>();
  const guard = context.options.domain_property ?? undefined;
  const names = new Set([...wanted.names, ...(guard === undefined ? [] : [guard])]);
  const missing = (): readonly string[] => [...domains].filter((domain) => !found.has(domain));

  const seen = new Map<string, string>();
  for (const domain of domains) {
    const id = KnownRecords.of(context.cache, context.type).idOf(domainKey(domain));
    if (id !== undefined) seen.set(domain, id);
  }
  if (seen.size > 0) {
    const records = yield* readBy('id', seen.values(), { ...wanted, names }, context);
    if (records === undefined) return undefined;
    for (const [domain, id] of seen) {
      const record = records.get(id);
      if (record !== undefined) found.set(domain, record);
    }
  }
  if (guard !== undefined && missing().length > 0) {
    const records = yield* readBy(guard, missing(), { ...wanted, names }, context);
    if (records === undefined) return undefined;
    for (const [domain, record] of records) found.set(domain, record);
  }
  if (missing().length === 0) return found;

  const ids = yield* search(missing(), context);
  if (ids === undefined) return undefined;
  const single = [...ids].flatMap(([, [id, ...others]]) =>
    id === undefined || others.length > 0 ? [] : [id],
  );
  const records =
    single.length === 0
      ? new Map<string, RecordState>()
      : yield* readBy('id', single, { ...wanted, names }, context);
  if (records === undefined) return undefined;
  for (const [domain, hits] of ids) {
    const [id, ...others] = hits;
    if (id === undefined) continue;
    // A hit that has gone since is none.
    const record: RecordState | undefined = records.get(id);
    if (others.length > 0) found.set(domain, hits);
    else if (record !== undefined) found.set(domain, record);
  }
  return found;
}

export function domainKey(domain: string): string {
  return refKey({ type: 'companies', by: 'domain', value: domain });
}

// HubSpot takes 3,000 characters per search; the rest of the body needs less than 300 ("Search the CRM", 2026-11).
const SEARCH_CHARACTERS = 2_700;
// Filters of a search are joined by "or" in at most five groups (same place).
const GROUPS_MAX = 5;
// The largest page (same place).
const PAGE_MAX = 200;
const FURTHER = 'hs_additional_domains';

type Filter = Readonly<Record<string, string | readonly string[]>>;

/** The ids of companies by domain: those whose primary domain it is, else those that have it as a further one. */
function* search(
  domains: readonly string[],
  context: RecordContext,
): Steps<ReadonlyMap<string, readonly string[]> | undefined> {
  const hits = new Map<string, Set<string>>();
  for (const part of partsOf(domains)) {
    const filter = { propertyName: 'domain', operator: 'IN', values: part };
    if (!(yield* searchPages([filter], 'domain', part, hits, context))) return undefined;
  }
  const isThorough = context.options.further_domains ?? true;
  const others = isThorough ? domains.filter((domain) => !hits.has(domain)) : [];
  for (let at = 0; at < others.length; at += GROUPS_MAX) {
    const part = others.slice(at, at + GROUPS_MAX);
    const filters = part.map((value) => ({ propertyName: FURTHER, operator: 'CONTAINS_TOKEN', value }));
    if (!(yield* searchPages(filters, FURTHER, part, hits, context))) return undefined;
  }
  return new Map([...hits].map(([domain, ids]) => [domain, [...ids]]));
}

/** Adds the ids of companies that match one of the filters by what `name` holds; false when HubSpot cannot be read. */
function* searchPages(
  filters: readonly Filter[],
  name: string,
  domains: readonly string[],
  hits: Map<string, Set<string>>,
  { settings, type }: RecordContext,
): Steps<boolean> {
  let after: string | undefined;
  do {
    const { body } = yield* send({
      method: 'POST',
      path: `${pathsOf(settings.api_version).objects(type)}/search`,
      body: {
        filterGroups: filters.map((filter) => ({ filters: [filter] })),
        properties: [name],
        limit: PAGE_MAX,
        ...(after === undefined ? {} : { after }),
      },
    });
    if (!isJsonObject(body) || !Array.isArray(body['results'])) return false;
    for (const result of body['results'] as readonly unknown[]) {
      const id = stringField(result, 'id');
      const held = stringField(isJsonObject(result) ? result['properties'] : undefined, name) ?? '';
      if (id === undefined) continue;
      for (const domain of held.split(';').map((text) => text.trim().toLowerCase())) {
        if (domains.includes(domain)) hits.set(domain, (hits.get(domain) ?? new Set<string>()).add(id));
      }
    }
    const paging = body['paging'];
    after = isJsonObject(paging) ? stringField(paging['next'], 'after') : undefined;
  } while (after !== undefined);
  return true;
}

function partsOf(domains: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let room = 0;
  for (const domain of domains) {
    const size = JSON.stringify(domain).length + 1;
    if (size > room) {
      parts.push([]);
      room = SEARCH_CHARACTERS;
    }
    room -= size;
    parts.at(-1)?.push(domain);
  }
  return parts;
}
