/**
 * A flow of one's own as a preset: its mapping makes the action's input, which the action's schema checks. The engine
 * sees no difference between the two kinds. Pure.
 */
import type { JsonObject } from '../kernel/json.ts';
import { EVENT_TYPES } from '../kernel/event.ts';
import type { AnyAction, AnyPreset, Mapped } from '../kit/index.ts';
import { documentOf } from '../mapping/index.ts';
import type { Mapping } from '../mapping/index.ts';

export interface OwnFlow {
  /** `<connector>/<action>`. */
  readonly id: string;
  readonly action: AnyAction;
  readonly mapping: Mapping;
}

export function presetOf({ id, action, mapping }: OwnFlow): AnyPreset {
  return {
    id,
    title: action.title,
    summary: action.summary,
    action,
    // What it is for, its condition says.
    when: { types: EVENT_TYPES },
    options: {} satisfies JsonObject,
    map: (event): Mapped<unknown> => {
      // The moment of receipt and not now, so that the same event always gives the same answer.
      const mapped = mapping.evaluate(documentOf(event), Date.parse(event.receivedAt));
      if (mapped.kind === 'fault') {
        const at = mapped.path === '' ? '' : ` at ${mapped.path}`;
        return failed('delivery.mapping_failed', `The mapping failed${at}: ${mapped.message}`);
      }
      if (mapped.value === undefined) return { kind: 'skip', reason: 'The mapping found nothing to send.' };
      const { success, data, error } = action.input.safeParse(mapped.value);
      if (success) return { kind: 'input', input: data, notes: mapped.notes };
      const wrong = error.issues.map(({ path, message }) => {
        const field = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
        return `${field}${message}`;
      });
      // A field may be missing because its value did not fit.
      const notes = mapped.notes.map((note) => ` ${note}`).join('');
      const message = `The mapping made an input that ${action.id} does not take: ${wrong.join('; ')}.${notes}`;
      return failed('delivery.input_invalid', message);
    },
  };
}

function failed(code: string, message: string): Mapped<unknown> {
  return { kind: 'failed', fault: { code, message } };
}
