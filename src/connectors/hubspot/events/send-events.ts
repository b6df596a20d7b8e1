import type { JsonObject } from '../../../kernel/json.ts';
import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { inHalves } from '../in-halves.ts';
import type { Partly } from '../in-halves.ts';
import { pathsOf } from '../paths.ts';
import { toFault } from '../vendor-error.ts';
import { listOf } from '../vendor-answer.ts';
import { dropDefinition, saysAbsent } from './definitions.ts';
import { ensureDefinitions } from './ensure-definitions.ts';
import type { EventContext, EventInput } from './event-input.ts';
import { eventName, isUnusable } from './event-name.ts';
import { toOccurrence } from './occurrence.ts';
import type { Occurrence } from './occurrence.ts';
import { writeContacts } from './write-contacts.ts';

/**
 * Sends up to 500 events in one call. Before that it makes sure, once an hour per name, that HubSpot has the event and
 * its properties: HubSpot says nothing more about an event once it has accepted the call.
 */
export function* sendEvents(
  batch: readonly Item<EventInput>[],
  context: EventContext,
): Steps<readonly Outcome[]> {
  const outcomes = new Map<Item<EventInput>, Outcome>();
  const named = new Map<string, Item<EventInput>[]>();
  for (const item of batch) {
    const name = eventName(item.input.event);
    const refusal = isUnusable(name)
      ? rejected(
          'hubspot.event_name_unusable',
          `The event has a name that HubSpot cannot take: ${name.unusable}.`,
        )
      : subjectFault(item.input);
    if (refusal !== undefined) outcomes.set(item, refusal);
    else if (!isUnusable(name)) named.set(name, [...(named.get(name) ?? []), item]);
  }
  const definitions = yield* ensureDefinitions(named, context);
  const ready: Occurrence[] = [];
  for (const [name, items] of named) {
    const definition = definitions.get(name);
    for (const item of items) {
      if (definition === undefined || 'kind' in definition) outcomes.set(item, definition ?? absent(name));
      else {
        const occurrence = toOccurrence(item, name, definition);
        if ('kind' in occurrence) outcomes.set(item, occurrence);
        else ready.push(occurrence);
      }
    }
  }
  const occurrences = yield* afterContacts(ready, outcomes, context);
  const sent = yield* inHalves(occurrences, (part) => sendOccurrences(part, context));
  for (const [{ item }, outcome] of sent) outcomes.set(item, outcome);
  return batch.map((item) => outcomes.get(item) ?? absent(item.input.event));
}

/** Writes what the events say of their contacts; those of contacts that cannot be written now get that outcome. */
function* afterContacts(
  occurrences: readonly Occurrence[],
  outcomes: Map<Item<EventInput>, Outcome>,
  context: EventContext,
): Steps<readonly Occurrence[]> {
  const verdicts = yield* writeContacts(
    occurrences.map(({ item }) => item),
    context,
  );
  return occurrences.flatMap((occurrence) => {
    const verdict = verdicts.get(occurrence.item);
    if (verdict === undefined) return [occurrence];
    if (verdict.kind === 'go on') return [{ ...occurrence, notes: [...occurrence.notes, ...verdict.notes] }];
    outcomes.set(occurrence.item, verdict);
    return [];
  });
}

function subjectFault({ email, utk, object_id }: EventInput): Outcome | undefined {
  if (email !== undefined || utk !== undefined || object_id !== undefined) return undefined;
  return rejected(
    'hubspot.event_without_subject',
    'The event names nobody: it needs email, utk or object_id.',
  );
}

function absent(name: string): Outcome {
  return rejected('hubspot.event_unknown', `HubSpot has no event ${name}, and the flow does not create any.`);
}

function rejected(code: string, message: string): Outcome {
  return { kind: 'rejected', fault: { code, message } };
}

function* sendOccurrences(
  occurrences: readonly Occurrence[],
  context: EventContext,
): Steps<Partly<Occurrence, Outcome>> {
  const { status, body } = yield* send({
    method: 'POST',
    path: `${pathsOf(context.settings.api_version).events}/send/batch`,
    body: { inputs: occurrences.map(({ body: input }): JsonObject => input) },
    accept: [400, 404, 429],
  });
  if (status === 429) {
    const outcome = limited(body);
    return { settled: new Map(occurrences.map((each) => [each, outcome])), unclear: [] };
  }
  const errors = status >= 300 ? [body] : listOf(body, 'errors');
  if (errors.length === 0)
    return { settled: new Map(occurrences.map((each) => [each, delivered(each)])), unclear: [] };
  const [only] = occurrences;
  if (only === undefined || occurrences.length > 1) return { settled: new Map(), unclear: occurrences };
  return { settled: new Map([[only, refused(only, errors[0], status, context)]]), unclear: [] };
}

// Looking every hour costs nothing that counts; the window of events is a second.
const MONTH_SPENT_MS = 3_600_000;
const SECOND_SPENT_MS = 1_000;

/**
 * Events have limits of their own. A month's worth that is spent concerns events only, so that it must not come as a
 * limit of the connection, which would hold up everything else: the events wait, and become dead letters in the end.
 */
function limited(body: unknown): Outcome {
  const told = `${stringField(body, 'policyName') ?? ''} ${stringField(body, 'message') ?? ''}`;
  if (/month/i.test(told)) return { kind: 'retry', fault: toFault(body, 429), waitMs: MONTH_SPENT_MS };
  return { kind: 'deferred', waitMs: SECOND_SPENT_MS, reason: toFault(body, 429).message };
}

function delivered({ notes }: Occurrence): Outcome {
  return { kind: 'delivered', ...(notes.length === 0 ? {} : { notes }) };
}

/** What HubSpot says about an event or a property can be news only if the definition is older than this run. */
function refused(
  { name, definition }: Occurrence,
  error: unknown,
  status: number,
  context: EventContext,
): Outcome {
  const fault: Fault = toFault(error, status >= 300 ? status : undefined);
  if (!saysAbsent(error) || definition.fetchedAtMs >= context.nowMs) return { kind: 'rejected', fault };
  dropDefinition(name, context);
  return { kind: 'retry', fault };
}
