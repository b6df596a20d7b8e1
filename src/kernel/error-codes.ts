import { API_ERRORS } from './error-codes/api.ts';
import { CLI_ERRORS } from './error-codes/cli.ts';
import { CONFIG_ERRORS } from './error-codes/config.ts';
import { DELIVERY_ERRORS } from './error-codes/delivery.ts';
import { EMULATORS_ERRORS } from './error-codes/emulators.ts';
import { HTTP_ERRORS } from './error-codes/http.ts';
import { INGEST_ERRORS } from './error-codes/ingest.ts';
import { LOGIN_ERRORS } from './error-codes/login.ts';
import { REPLAY_ERRORS } from './error-codes/replay.ts';
import { STORE_ERRORS } from './error-codes/store.ts';

/**
 * Every code that Linchpin raises, one file for each area, one page each under `docs/errors/<code>.md` (a test
 * compares both ways).
 */
export const ERROR_CODES = {
  ...API_ERRORS,
  ...CLI_ERRORS,
  ...CONFIG_ERRORS,
  ...DELIVERY_ERRORS,
  ...EMULATORS_ERRORS,
  ...HTTP_ERRORS,
  ...INGEST_ERRORS,
  ...LOGIN_ERRORS,
  ...REPLAY_ERRORS,
  ...STORE_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
