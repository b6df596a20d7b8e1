/**
 * Who may hear of an event, and how that passes from the raw events to what is derived from them: a person who has
 * refused advertising has done so for the purchase, too. Pure.
 */
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Audience, Cause } from './resolution.ts';

/** What an event says in `context.consent` and `integrations`. */
export function audienceOf({ context, integrations }: JsonObject): Audience {
  return {
    consent: objectOrNull(isJsonObject(context) ? context['consent'] : undefined),
    integrations: objectOrNull(integrations),
  };
}

/** The same for a derived event: each as the newest of its causes that speaks of it. */
export function inheritedAudience(causes: readonly Cause[]): Audience {
  const newestFirst = causes.toSorted((a, b) => Date.parse(b.occurredAt) - Date.parse(a.occurredAt));
  const newest = (key: keyof Audience): JsonObject | null =>
    newestFirst.map((cause) => cause[key]).find(isJsonObject) ?? null;
  return { consent: newest('consent'), integrations: newest('integrations') };
}

function objectOrNull(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}
