import { isJsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { DeliverContext, Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import type { Settings } from '../settings.ts';
import { listOf } from '../vendor-answer.ts';
import { toFault } from '../vendor-error.ts';

/** A kind of association as calls name it. */
export interface AssociationType {
  readonly associationCategory: string;
  readonly associationTypeId: number;
}

export interface LabelWish {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Created with a name of its own for the other direction when given. */
  readonly inverseLabel?: string | undefined;
  readonly isCreated: boolean;
}

type Refusal = Extract<Outcome, { kind: 'rejected' | 'retry' }>;
type LabelContext = Pick<DeliverContext<Settings, unknown>, 'settings' | 'cache' | 'nowMs'>;

interface Labels {
  readonly fetchedAtMs: number;
  /** By label in lower case; the one without a label under the empty text. */
  readonly types: ReadonlyMap<string, AssociationType>;
}

/**
 * "Primary", the label by which HubSpot marks the one company of a contact, a deal or a ticket (developers.hubspot.com,
 * associations v4, association type ids, read 2026-11).
 */
const PRIMARY: Readonly<Record<string, number>> = {
  'contacts companies': 1,
  'companies contacts': 2,
  'deals companies': 5,
  'companies deals': 6,
  'companies tickets': 25,
  'tickets companies': 26,
};

export function isPrimary(label: string | undefined): boolean {
  return label?.trim().toLowerCase() === 'primary';
}

// HubSpot lists the association without a label as `label: null`.
const UNLABELLED = '';

// As for properties: people change labels rarely, and what they add is found within five minutes.
const TTL_MS = 3_600_000;
const UNKNOWN_LABEL_MS = 300_000;

/** The type behind a label of two object types; created when the wish says so and HubSpot lacks it. */
export function* findLabelType(wish: LabelWish, context: LabelContext): Steps<AssociationType | Refusal> {
  const { from, to, label, isCreated } = wish;
  const primary = isPrimary(label) ? PRIMARY[`${from} ${to}`] : undefined;
  if (primary !== undefined) return { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: primary };

  const known = yield* loadLabels(wish, context, false);
  const type = known.types.get(spelling(label));
  if (type !== undefined) return type;
  if (!isCreated) {
    const message = `HubSpot has no association label ${quoted(label)} from ${from} to ${to}.`;
    return { kind: 'rejected', fault: { code: 'hubspot.label_unknown', message } };
  }
  return yield* createLabel(wish, context);
}

/** The type of the association without a label. */
export function* findDefaultType(
  from: string,
  to: string,
  context: LabelContext,
): Steps<AssociationType | Refusal> {
  const { types } = yield* loadLabels({ from, to, label: UNLABELLED }, context, false);
  const type = types.get(UNLABELLED);
  if (type !== undefined) return type;
  const message = `HubSpot does not associate ${from} with ${to}.`;
  return { kind: 'rejected', fault: { code: 'hubspot.association_unknown', message } };
}

function* createLabel(wish: LabelWish, context: LabelContext): Steps<AssociationType | Refusal> {
  const { from, to, label, inverseLabel } = wish;
  const response = yield* send({
    method: 'POST',
    path: pathsOf(context.settings.api_version).labels(from, to),
    body: { name: nameOf(label), label, ...(inverseLabel === undefined ? {} : { inverseLabel }) },
    // 400 and 409 also say that another worker was first, or that somebody has just made it.
    accept: [400, 409],
  });
  const type = (yield* loadLabels(wish, context, true)).types.get(spelling(label));
  if (type !== undefined) return type;
  if (response.status >= 300) return { kind: 'rejected', fault: toFault(response.body, response.status) };
  const message = `HubSpot created the association label ${quoted(label)}, but does not list it yet.`;
  return { kind: 'retry', fault: { code: 'hubspot.label_hidden', message } };
}

function* loadLabels(
  { from, to, label }: Pick<LabelWish, 'from' | 'to' | 'label'>,
  { settings, cache, nowMs }: LabelContext,
  isFresh: boolean,
): Steps<Labels> {
  const key = `labels:${from}:${to}`;
  // Only this function writes under these keys.
  const cached = isFresh ? undefined : (cache.get(key) as Labels | undefined);
  if (
    cached !== undefined &&
    (cached.types.has(spelling(label)) || nowMs - cached.fetchedAtMs < UNKNOWN_LABEL_MS)
  )
    return cached;
  const { body } = yield* send({ method: 'GET', path: pathsOf(settings.api_version).labels(from, to) });
  const labels = { fetchedAtMs: nowMs, types: readLabels(body) };
  cache.set(key, labels, TTL_MS);
  return labels;
}

function readLabels(body: unknown): ReadonlyMap<string, AssociationType> {
  const types = new Map<string, AssociationType>();
  for (const result of listOf(body, 'results')) {
    const label = stringField(result, 'label') ?? UNLABELLED;
    const associationCategory = stringField(result, 'category');
    const associationTypeId = isJsonObject(result) ? result['typeId'] : undefined;
    if (associationCategory === undefined || typeof associationTypeId !== 'number') continue;
    types.set(spelling(label), { associationCategory, associationTypeId });
  }
  return types;
}

function spelling(label: string): string {
  return label.trim().toLowerCase();
}

function quoted(label: string): string {
  return `"${label}"`;
}

/** The internal name of a new label: HubSpot takes no hyphen in it and no digit at its start. */
function nameOf(label: string): string {
  const name = spelling(label)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (/^[a-z]/.test(name)) return name;
  // Other alphabets leave nothing of a label; its characters' numbers keep two of them apart.
  const numbers = Array.from(spelling(label), (character) => character.codePointAt(0)?.toString(16) ?? '');
  return `label_${name === '' ? numbers.join('_') : name}`;
}
