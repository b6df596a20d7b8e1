/**
 * Mappings of Segment's "HubSpot Cloud Mode (Actions)" destination as flows. What a mapping does in Segment's own code
 * (github.com/segmentio/action-destinations, destinations/hubspot, 3.497, read 2026-11) its flows do as well, or a
 * remark says where they do not.
 */
import type { JsonObject } from '../../../kernel/json.ts';
import { isJsonObject } from '../../../kernel/json.ts';
import type { ImportedFlow, ImportedFlows, ImportRemark } from '../../../kit/index.ts';
import { parseFql } from '../../../mapping/index.ts';
import { upsertCompany, upsertContact } from './contact-and-company.ts';
import type { Draft } from './draft.ts';
import { customEvent, sendCustomBehavioralEvent } from './events.ts';
import { Fields } from './fields.ts';
import { upsertCustomObjectRecord, upsertObject } from './objects.ts';
import { Place } from './place.ts';
import { readSubscriptions } from './subscription.ts';
import type { Subscription } from './subscription.ts';

const ACTIONS: Readonly<Record<string, (fields: Fields) => readonly Draft[]>> = {
  upsertContact,
  upsertCompany,
  sendCustomBehavioralEvent,
  upsertCustomObjectRecord,
  upsertObject,
  customEvent,
};

export function importSegment(exported: unknown): ImportedFlows | undefined {
  const subscriptions = readSubscriptions(exported);
  if (subscriptions === undefined) return undefined;
  const remarks: ImportRemark[] = [];
  const taken = new Set<string>();
  const flows = subscriptions.flatMap((subscription) => importOne(subscription, remarks, taken));
  return { flows, remarks };
}

function importOne(
  subscription: Subscription,
  remarks: ImportRemark[],
  taken: Set<string>,
): readonly ImportedFlow[] {
  const { name, action, mapping, trigger, isEnabled, isOfWarehouse } = subscription;
  const place = (path: string): Place => new Place(name, path, remarks);
  const leaveOut = (path: string, text: string): readonly ImportedFlow[] => {
    place(path).leaveOut(text);
    return [];
  };
  if (!isEnabled) return leaveOut('enabled', 'The mapping is switched off in Segment.');
  if (isOfWarehouse) {
    return leaveOut('modelId', 'The mapping reads rows of a warehouse, and Linchpin reads events.');
  }
  const read = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (read === undefined) return leaveOut('action', `The HubSpot destination has no action ${action}.`);
  const condition = parseFql(trigger);
  if (!condition.ok) {
    const reason = condition.problems.map(({ message }) => message).join(' ');
    return leaveOut('trigger', `The trigger cannot be read, so there is no flow. ${reason}`);
  }
  const { tree } = condition.value;
  if (NUMERIC.test(JSON.stringify(tree))) {
    place('trigger').differs(
      'Comparisons of numbers hold for text that is a number too; in Segment for numbers alone.',
    );
  }
  const when = asSegmentReads(tree);
  return read(new Fields(mapping, place('mapping'))).map((draft) => ({
    name: freeName(draft.suffix === undefined ? name : `${name} ${draft.suffix}`, taken),
    action: draft.action,
    when: draft.when === undefined ? when : { all: [when, draft.when] },
    map: draft.map,
    options: draft.options,
  }));
}

const NUMERIC = /"(number_(not_)?equals|less_than|at_most|more_than|at_least)":/;

// These ask something of a text or number, and in Segment do not hold where there is none; in Linchpin they deny
// their opposite, and hold.
const DENYING = ['not_contains', 'not_starts_with', 'not_ends_with', 'number_not_equals'];
const DENIED = ['contains', 'starts_with', 'ends_with'];

function asSegmentReads(tree: JsonObject): JsonObject {
  const { all, any, not } = tree;
  if (Array.isArray(all)) return { all: (all as readonly JsonObject[]).map(asSegmentReads) };
  if (Array.isArray(any)) return { any: (any as readonly JsonObject[]).map(asSegmentReads) };
  const { path } = isJsonObject(not) ? not : tree;
  const isDenial = isJsonObject(not)
    ? DENIED.some((operator) => Object.hasOwn(not, operator))
    : DENYING.some((operator) => Object.hasOwn(tree, operator));
  if (!isDenial || path === undefined) {
    return isJsonObject(not) && !isDenial ? { not: asSegmentReads(not) } : tree;
  }
  return { all: [{ path, exists: true }, tree] };
}

/** A name that linchpin.yaml takes and no flow of the import has yet. */
function freeName(text: string, taken: Set<string>): string {
  const slug = text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, NAME_CHARACTERS_MAX);
  const base = slug === '' ? 'segment-mapping' : slug;
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}-${String(count)}`;
  taken.add(name);
  return name;
}

// Well within what a flow's name may have, and still read at a glance.
const NAME_CHARACTERS_MAX = 60;
