import { defineAction } from '../../../kit/index.ts';
import { formInputSchema, formOptionsSchema } from '../forms/form-input.ts';
import { submitForms } from '../forms/submit-form.ts';
import type { Settings } from '../settings.ts';

export const submitForm = defineAction<Settings>()({
  id: 'submit-form',
  title: 'Submit a form',
  summary:
    'Submits a HubSpot form for a visitor, with the page, the cookie and the consent that belong to it.',
  input: formInputSchema,
  options: formOptionsSchema,
  // What one visitor sends stays in order.
  orderKey: ({ fields, hutk, form_id }) => {
    const { email } = fields;
    return typeof email === 'string' ? email.trim().toLowerCase() : (hutk ?? form_id);
  },
  batch: { maxItems: 1, lingerMs: 0 },
  deliver: submitForms,
});
