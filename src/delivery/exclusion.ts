/**
 * Why an event says itself that it is not for a flow: the person has not consented, or its sender named other
 * integrations. Consent is looked at first (Segment: Consent in Unify and Connections, "Segment consent enforcement";
 * Spec, Common fields, "integrations"; 2026-11). Pure.
 */
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';

/** The reason, or `undefined` when nothing keeps the event out. `names` address the connector, exact case. */
export function exclusionOf(
  payload: JsonObject,
  categories: readonly string[],
  names: readonly string[],
): string | undefined {
  const consent = consentTo(payload, categories);
  if (consent.kind === 'refused') return consent.reason;
  return excludedByIntegrations(payload, names, consent.kind === 'given');
}

type Consent =
  /** The event carries no consent, or the flow needs none. */
  | { readonly kind: 'not asked' }
  | { readonly kind: 'given' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Each category must be there and true; an event without preferences passes, an empty list of them is a refusal. */
function consentTo(payload: JsonObject, categories: readonly string[]): Consent {
  const context = payload['context'];
  const consent = isJsonObject(context) ? context['consent'] : undefined;
  const preferences = isJsonObject(consent) ? consent['categoryPreferences'] : undefined;
  if (categories.length === 0 || !isJsonObject(preferences)) return { kind: 'not asked' };
  const missing = categories.find((category) => preferences[category] !== true);
  if (missing === undefined) return { kind: 'given' };
  return { kind: 'refused', reason: `The person has not consented to ${missing}.` };
}

/**
 * `All: false` excludes all that are not named, unless the person has consented to the flow by category; a name that is
 * false excludes that one in any case.
 */
function excludedByIntegrations(
  payload: JsonObject,
  names: readonly string[],
  hasConsent: boolean,
): string | undefined {
  const integrations = payload['integrations'];
  if (!isJsonObject(integrations)) return undefined;
  const named = names.find((name) => integrations[name] !== undefined);
  if (named !== undefined) {
    return integrations[named] === false
      ? `The event's integrations object sets ${named} to false.`
      : undefined;
  }
  const all = integrations['All'] ?? integrations['all'];
  return all === false && !hasConsent ? "The event's integrations object sets All to false." : undefined;
}
