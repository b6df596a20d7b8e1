import { badParameter } from './graph-error.ts';
import { Refused } from '../core/index.ts';

/** Something that Meta takes and that does the sender no good; `GET /_emulator/report` lists them. */
export interface Remark {
  readonly event_id: string | null;
  readonly field: string;
  readonly problem: string;
}

type Fields = Readonly<Record<string, unknown>>;

// "Customer information parameters", developers.facebook.com/docs/marketing-api/conversions-api/parameters, 2026-11.
const HASHED = new Set(['em', 'ph', 'fn', 'ln', 'ge', 'db', 'ct', 'st', 'zp', 'country']);
const NEVER_HASHED = new Set([
  'client_ip_address',
  'client_user_agent',
  'fbc',
  'fbp',
  'subscription_id',
  'fb_login_id',
  'lead_id',
  'madid',
  'anon_id',
  'ctwa_clid',
  'page_id',
  'page_scoped_user_id',
  'ig_account_id',
  'ig_sid',
]);
const KNOWN = new Set([...HASHED, ...NEVER_HASHED, 'external_id']);

// Meta's newer libraries put a dot and a short mark behind hashes (capi-param-builder-nodejs 1.3.2, tried 2026-11).
const HASH = /^[0-9a-f]{64}(\.[A-Za-z0-9_-]{2,8})?$/;
const COOKIES: Readonly<Record<string, RegExp>> = {
  fbc: /^fb\.\d\.\d{10,13}\.\S+$/,
  fbp: /^fb\.\d\.\d{10,13}\.\d+(\.[A-Za-z0-9_-]{2,8})?$/,
};

// Any subset of these alone is "too broad": "Conversions API, best practices" (read 2026-11).
const TOO_BROAD = [
  ['ct', 'country', 'st', 'zp', 'ge', 'client_user_agent', 'client_ip_address'],
  ['db', 'client_user_agent'],
  ['fn', 'ge'],
  ['ln', 'ge'],
].map((keys) => new Set(keys));

/** Refuses what says too little of anybody, and remarks on the rest. */
export function checkUserData(userData: Fields, eventId: string | null, remarks: Remark[]): void {
  const remark = (field: string, problem: string): void => {
    remarks.push({ event_id: eventId, field: `user_data.${field}`, problem });
  };
  const given = Object.entries(userData).filter(([, value]) => isGiven(value));
  const keys = given.map(([key]) => key);
  if (keys.length === 0 || TOO_BROAD.some((broad) => keys.every((key) => broad.has(key)))) {
    throw new Refused(
      badParameter(
        2804050,
        "You Haven't Added Sufficient Customer Parameter Data For This Event",
        'Please add more customer information parameters, or parameters that match better.',
      ),
    );
  }
  for (const [key, value] of given) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) {
      const problem =
        typeof one === 'string' ? problemOf(key, one) : 'must be a string, or a list of strings';
      if (problem !== undefined) remark(key, problem);
    }
  }
}

function problemOf(key: string, value: string): string | undefined {
  if (!KNOWN.has(key)) return 'is no parameter of user_data';
  if (HASHED.has(key) && !HASH.test(value))
    return 'is not hashed with SHA-256, in lower-case hexadecimal digits';
  if (NEVER_HASHED.has(key) && HASH.test(value)) return 'must not be hashed';
  const cookie = COOKIES[key];
  return cookie?.test(value) === false ? `has not the form of the cookie _${key}` : undefined;
}

function isGiven(value: unknown): boolean {
  return (
    value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}
