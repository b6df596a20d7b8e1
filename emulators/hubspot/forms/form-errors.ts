import { json, Refused } from '../../core/index.ts';

/** The types of faults that the forms guide lists (read 2026-04), as far as they can arise here. */
export type FormFaultType =
  | 'MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED'
  | 'INVALID_EMAIL'
  | 'BLOCKED_EMAIL'
  | 'REQUIRED_FIELD'
  | 'INVALID_NUMBER'
  | 'INPUT_TOO_LARGE'
  | 'FIELD_NOT_IN_FORM_DEFINITION'
  | 'VALUE_NOT_IN_FIELD_DEFINITION'
  | 'INVALID_METADATA'
  | 'INVALID_HUTK'
  | 'INVALID_IP_ADDRESS'
  | 'INVALID_PAGE_URI'
  | 'INVALID_LEGAL_OPTION_FORMAT'
  | 'MISSING_PROCESSING_CONSENT'
  | 'MISSING_PROCESSING_CONSENT_TEXT'
  | 'MISSING_COMMUNICATION_CONSENT_TEXT'
  | 'FORM_HAS_RECAPTCHA_ENABLED';

export interface FormFault {
  readonly errorType: FormFaultType;
  readonly message: string;
}

/** All faults of a submission in one answer. The frame is documented; the texts of single faults are ours. */
export function submissionRefused(faults: readonly FormFault[]): Refused {
  return new Refused(json(400, { status: 'error', message: 'The request is not valid', errors: faults }));
}
