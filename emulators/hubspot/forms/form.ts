import { z } from 'zod';
import { RollingWindow } from '../../core/index.ts';

// The documented span of the limits, and the bar that follows ten refusals within a second.
const SPAN_MS = 10_000;
const REFUSALS_SPAN_MS = 1_000;

const fieldSchema = z.strictObject({
  /** `0-1` for a contact's property, `0-2` for a company's. */
  objectTypeId: z.string().default('0-1'),
  name: z.string().min(1),
  required: z.boolean().default(false),
});

/** A form as a seed defines it. */
export const formSchema = z.strictObject({
  guid: z.guid(),
  name: z.string().min(1).default('Form'),
  fields: z
    .array(fieldSchema)
    .min(1)
    .default([{ objectTypeId: '0-1', name: 'email', required: true }]),
  /** What the visitor is shown, or where the visitor is sent. */
  inlineMessage: z.string().default('Thanks for submitting the form.'),
  redirectUri: z.string().optional(),
  /** With a captcha a form takes nothing by the API. */
  hasCaptcha: z.boolean().default(false),
  /** Whether consent to the processing must come along. */
  needsConsent: z.boolean().default(false),
});

export type Form = z.output<typeof formSchema>;

export interface SubmittedField {
  readonly objectTypeId: string;
  readonly name: string;
  readonly value: string;
}

/** A submission with all that came along, so that a test can see that nothing was lost. */
export interface Submission {
  readonly submittedAt: number;
  readonly receivedAt: number;
  readonly fields: readonly SubmittedField[];
  readonly context: Readonly<Record<string, unknown>>;
  readonly legalConsentOptions: unknown;
  /** The contact that it made or changed. */
  readonly contactId: string | undefined;
}

/** The forms of a portal and what was submitted to them. */
export class FormStore {
  readonly forms = new Map<string, Form>();
  readonly secureCalls = new RollingWindow(SPAN_MS);
  readonly openCalls = new RollingWindow(SPAN_MS);
  readonly openRefusals = new RollingWindow(REFUSALS_SPAN_MS);
  /** Until when open submissions are barred. All callers count as one address: here they are. */
  barredUntil = 0;
  readonly #submissions = new Map<string, Submission[]>();

  add(guid: string, submission: Submission): void {
    this.#submissions.set(guid, [...this.of(guid), submission]);
  }

  /** Oldest first. */
  of(guid: string): readonly Submission[] {
    return this.#submissions.get(guid) ?? [];
  }
}
