import type { Outcome } from '../../../kernel/outcome.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { createDefinition, extendDefinition, loadDefinition } from './definitions.ts';
import type { Definition, DefinitionContext } from './definitions.ts';
import type { EventInput, EventOptions } from './event-input.ts';
import { isFullName } from './event-name.ts';
import { missingProperties, PROPERTIES_MAX } from './property-types.ts';

type Context = DefinitionContext & { readonly options: EventOptions };

/**
 * The definitions of events by name, created and extended as far as the flow allows. An outcome where a definition
 * cannot be had; nothing where HubSpot has none and none is to be created.
 */
export function* ensureDefinitions(
  named: ReadonlyMap<string, readonly Item<EventInput>[]>,
  context: Context,
): Steps<ReadonlyMap<string, Definition | Outcome>> {
  const definitions = new Map<string, Definition | Outcome>();
  for (const [name, items] of named) {
    const definition = yield* ensure(name, items, context);
    if (definition !== undefined) definitions.set(name, definition);
  }
  return definitions;
}

function* ensure(
  name: string,
  items: readonly Item<EventInput>[],
  context: Context,
): Steps<Definition | Outcome | undefined> {
  const inputs = items.map(({ input }) => input);
  const definition = yield* loadDefinition(name, context);
  if (definition === undefined) {
    const [first] = inputs;
    // A full name carries the account's number, which HubSpot gives and nobody chooses.
    if (context.options.schema !== 'create' || isFullName(name) || first === undefined) return undefined;
    const properties = missingProperties(inputs, () => false).slice(0, PROPERTIES_MAX);
    const created = yield* createDefinition(
      { name, label: first.event, objectType: first.object_type, properties },
      context,
    );
    if ('fullName' in created) return created;
    return { kind: created.code === 'hubspot.event_hidden' ? 'retry' : 'rejected', fault: created };
  }
  if (definition.isArchived) {
    const message = `The event ${name} is deleted in HubSpot, and its name can never be used again.`;
    return { kind: 'rejected', fault: { code: 'hubspot.event_archived', message } };
  }
  if (context.options.schema === 'never') return definition;
  const missing = missingProperties(inputs, (property) => definition.properties.has(property));
  const wanted = missing.slice(0, Math.max(0, PROPERTIES_MAX - definition.ownCount));
  if (wanted.length === 0) return definition;
  return yield* extendDefinition(name, definition, wanted, context);
}
