import { z } from 'zod';
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';

/** One mapping of a Segment destination: when it runs, which action, and what it fills the action's fields with. */
export interface Subscription {
  readonly name: string;
  readonly isEnabled: boolean;
  /** `upsertContact`, … */
  readonly action: string;
  /** In Segment's filter query language. */
  readonly trigger: string;
  readonly mapping: JsonObject;
  /** True for one that reads rows of a warehouse instead of events. */
  readonly isOfWarehouse: boolean;
}

const mappingSchema = z.custom<JsonObject>(isJsonObject, 'must be an object');
const nameSchema = z.string().optional();

// The Public API's "List Subscriptions from Destination" (docs.segmentapis.com, read 2026-11).
const apiSchema = z.object({
  name: nameSchema,
  enabled: z.boolean().default(true),
  actionSlug: z.string(),
  trigger: z.string(),
  settings: mappingSchema.default({}),
  modelId: z.string().nullish(),
  reverseETLSchedule: z.unknown().optional(),
});

// What Segment hands to its libraries, and the presets of its destinations
// (github.com/segmentio/action-destinations, read 2026-11).
const librarySchema = z.object({
  name: nameSchema,
  enabled: z.boolean().default(true),
  partnerAction: z.string(),
  subscribe: z.string(),
  mapping: mappingSchema.default({}),
});

/** The subscriptions in a file, wherever in it they stand; `undefined` when there are none. */
export function readSubscriptions(exported: unknown): readonly Subscription[] | undefined {
  const list = findList(exported, DEPTH_MAX);
  return list?.map((entry, index) => toSubscription(entry, `Mapping ${String(index + 1)}`));
}

// `data.subscriptions`, `settings.subscriptions`, `destination.settings.subscriptions`.
const DEPTH_MAX = 4;

function findList(value: unknown, depth: number): readonly unknown[] | undefined {
  if (Array.isArray(value)) {
    const entries: readonly unknown[] = value;
    return entries.length > 0 && entries.every(isSubscription) ? entries : undefined;
  }
  if (!isJsonObject(value) || depth === 0) return undefined;
  if (isSubscription(value)) return [value];
  for (const part of Object.values(value)) {
    const found = findList(part, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSubscription(value: unknown): boolean {
  return apiSchema.safeParse(value).success || librarySchema.safeParse(value).success;
}

function toSubscription(entry: unknown, fallback: string): Subscription {
  const api = apiSchema.safeParse(entry);
  if (api.success) {
    const { name, enabled, actionSlug, trigger, settings, modelId, reverseETLSchedule } = api.data;
    return {
      name: name ?? fallback,
      isEnabled: enabled,
      action: actionSlug,
      trigger,
      mapping: settings,
      isOfWarehouse: (modelId ?? reverseETLSchedule ?? undefined) !== undefined,
    };
  }
  const { name, enabled, partnerAction, subscribe, mapping } = librarySchema.parse(entry);
  return {
    name: name ?? fallback,
    isEnabled: enabled,
    action: partnerAction,
    trigger: subscribe,
    mapping,
    isOfWarehouse: false,
  };
}
