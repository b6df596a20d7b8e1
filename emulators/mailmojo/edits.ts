import { z } from 'zod';

/**
 * Somebody else who changes a contact between two calls of a client: right after a read of the contact, or right after
 * a write. `set` is a writer that puts back what it read long before; `add` and `remove` are one who looks first.
 */
export const editSchema = z.strictObject({
  email: z.email(),
  after: z.enum(['read', 'write']),
  /** The next n such calls. */
  times: z.int().positive().default(1),
  set: z.array(z.string().min(1)).optional(),
  add: z.array(z.string().min(1)).default([]),
  remove: z.array(z.string().min(1)).default([]),
});
export type EditInput = z.input<typeof editSchema>;
type Edit = z.output<typeof editSchema>;

export class PlannedEdits {
  #waiting: { readonly edit: Edit; left: number }[] = [];

  plan(input: EditInput): void {
    const edit = editSchema.parse(input);
    this.#waiting.push({ edit: { ...edit, email: edit.email.toLowerCase() }, left: edit.times });
  }

  /** The tags of the contact once everybody who waited for this call has changed them. */
  after(kind: Edit['after'], email: string, tags: readonly string[]): readonly string[] {
    let changed = tags;
    for (const planned of this.#waiting) {
      const { edit } = planned;
      if (edit.after !== kind || edit.email !== email.toLowerCase() || planned.left === 0) continue;
      planned.left -= 1;
      const basis = (edit.set ?? changed).filter((tag) => !edit.remove.includes(tag));
      changed = [...new Set([...basis, ...edit.add])];
    }
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return changed;
  }
}
