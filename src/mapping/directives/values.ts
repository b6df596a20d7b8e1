/** `$path`, `$template`, `$literal`: values taken from the event, and values that are always the same. */
import type { JsonValue } from '../../kernel/json.ts';
import { parsePath, valueAt } from '../path.ts';
import type { Evaluate, ReadDirective } from './directive.ts';
import { printed } from './options.ts';

const PATH_REMEDY =
  "Paths look like traits.address.city or items[0]['a.b']; $ is the whole, $$ the event inside an $each.";

export const readPath: ReadDirective = (written, { steps, problems }) => {
  const path = typeof written === 'string' ? parsePath(written) : undefined;
  return path === undefined ? problems.add(steps, 'The path cannot be read.', PATH_REMEDY) : along(path);
};

function along({ isFromEvent, steps }: NonNullable<ReturnType<typeof parsePath>>): Evaluate {
  return isFromEvent ? ({ event }) => valueAt(event, steps) : ({ item }) => valueAt(item, steps);
}

export const readLiteral: ReadDirective = (written, { steps, problems }) => {
  if (written !== undefined) return () => written as JsonValue; // It came as JSON, like all of the mapping.
  return problems.add(steps, 'There is no value.', 'Write any JSON value, taken as it is.');
};

/** Text with paths in double or triple braces; what is missing leaves no trace. Nothing is escaped. */
export const readTemplate: ReadDirective = (written, { steps, problems }) => {
  if (typeof written !== 'string') {
    return problems.add(
      steps,
      'A template is text.',
      'Write text such as "{{traits.first}} {{traits.last}}".',
    );
  }
  const parts = written.split(/\{\{\{?([^{}]*)\}?\}\}/).map((part, index): string | Evaluate | undefined => {
    if (index % 2 === 0) return part;
    const path = parsePath(part);
    return path === undefined
      ? problems.add(steps, `The path "${part.trim()}" in the template cannot be read.`, PATH_REMEDY)
      : along(path);
  });
  return (scope) => parts.map((part) => (typeof part === 'function' ? printed(part(scope)) : part)).join('');
};
