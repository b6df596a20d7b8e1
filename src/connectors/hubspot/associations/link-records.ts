import type { Outcome } from '../../../kernel/outcome.ts';
import type { Steps } from '../../../kit/index.ts';
import { chunksOf, inHalves } from '../in-halves.ts';
import { refKey } from '../records/record-ref.ts';
import { singularOf } from '../records/object-types.ts';
import { findRecords, forgetRecord } from './find-records.ts';
import { findLabelType } from './label-types.ts';
import type { AssociationType } from './label-types.ts';
import type { Link, LinkContext, LinkVerdict } from './link.ts';
import { writeLinks } from './write-links.ts';
import type { LinkEntry, WriteVerdict } from './write-links.ts';

// developers.hubspot.com, associations v4, batch create (read 2026-11).
const LINKS_MAX = 2_000;

/**
 * Links records, one verdict per link in their order. In steady state one call for 2,000 links of two types; ends
 * that are not given by record id cost a read per 100, unless they were found in the last minutes. Linking again
 * what is linked changes nothing.
 */
export function* linkRecords(links: readonly Link[], context: LinkContext): Steps<readonly LinkVerdict[]> {
  const ids = yield* findRecords(
    links.flatMap(({ from, to }) => [from, to]),
    context,
  );
  const verdicts = new Map<Link, LinkVerdict>();
  const entries: LinkEntry[] = [];
  for (const link of links) {
    const fromId = ids.get(refKey(link.from));
    const toId = ids.get(refKey(link.to));
    if (fromId === undefined) verdicts.set(link, missing('from', link));
    else if (toId === undefined) verdicts.set(link, missing('to', link));
    else {
      const type = yield* typeOf(link, context);
      if (type !== undefined && 'kind' in type) verdicts.set(link, { kind: 'failed', outcome: type });
      else entries.push({ link, fromId, toId, type });
    }
  }
  for (const group of groupsOf(entries)) {
    const written = yield* inHalves(group, (part) => writeLinks(part, context));
    for (const entry of group) {
      verdicts.set(entry.link, toVerdict(entry, written.get(entry), context));
    }
  }
  return links.map((link) => verdicts.get(link) ?? UNANSWERED);
}

function* typeOf(
  { from, to, label, inverse_label, create_label }: Link,
  context: LinkContext,
): Steps<AssociationType | Extract<Outcome, { kind: 'rejected' | 'retry' }> | undefined> {
  if (label === undefined || label.trim() === '') return undefined;
  const wish = {
    from: from.type,
    to: to.type,
    label,
    inverseLabel: inverse_label,
    isCreated: create_label ?? false,
  };
  return yield* findLabelType(wish, context);
}

/** What may travel in one call: one pair of types, with or without labels, and no link twice. */
function groupsOf(entries: readonly LinkEntry[]): readonly (readonly LinkEntry[])[] {
  const groups = new Map<string, LinkEntry[][]>();
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const { link, fromId, toId, type } = entry;
    const kind = `${link.from.type} ${link.to.type} ${type === undefined ? 'default' : 'labelled'}`;
    const pair = `${kind} ${fromId} ${toId}`;
    const round = seen.get(pair) ?? 0;
    seen.set(pair, round + 1);
    const rounds = groups.get(kind) ?? [];
    groups.set(kind, rounds);
    (rounds[round] ??= []).push(entry);
  }
  return [...groups.values()].flat().flatMap((group) => chunksOf(group, LINKS_MAX));
}

function toVerdict(entry: LinkEntry, written: WriteVerdict | undefined, context: LinkContext): LinkVerdict {
  const { link, fromId, toId } = entry;
  switch (written?.kind) {
    case 'linked':
      return { kind: 'linked', fromId, toId };
    case 'gone':
      // What was found a moment ago may have been merged away; the next attempt looks again.
      forgetRecord(link[written.end], context);
      return missing(written.end, link);
    case 'failed':
      return written;
    case undefined:
      return UNANSWERED;
  }
}

function missing(end: 'from' | 'to', link: Link): LinkVerdict {
  const { type, by } = link[end];
  const found = by === 'id' ? 'this record id' : `this ${by}`;
  const message = `HubSpot has no ${singularOf(type)} with ${found}, the "${end}" end of the association.`;
  return { kind: 'missing', end, fault: { code: 'hubspot.record_missing', message } };
}

const UNANSWERED: LinkVerdict = {
  kind: 'failed',
  outcome: {
    kind: 'rejected',
    fault: {
      code: 'hubspot.item_missing',
      message: 'HubSpot accepted the call, but its answer lacks this association.',
    },
  },
};
