import { createHash } from 'node:crypto';
import { json, Refused } from '../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../core/index.ts';
import { apiError, apiErrors } from './api-error.ts';
import { faultsOf } from './check-conversion.ts';
import type { XAdsState } from './state.ts';
import { userOf } from './verify-oauth.ts';

// "Conversion count limit is 500", as X words it (2026-11).
const CONVERSIONS_MAX = 500;

export const routes: readonly Route<XAdsState>[] = [
  {
    method: 'POST',
    path: '/:version/measurement/conversions/:pixel',
    handle: (request, state) => {
      const pixel = request.param('pixel');
      authenticate(request, pixel, state);
      const tags = state.pixels.get(pixel);
      if (tags === undefined)
        throw new Refused(apiError(404, 'NOT_FOUND', `Pixel ${pixel} was not found`, 'pixel_id'));
      const rows = readRows(request);
      // A call costs something even when it carries nothing.
      if (!state.spend(state.switches.counts === 'events' ? Math.max(1, rows.length) : 1)) {
        throw new Refused(
          apiError(429, 'TOO_MANY_REQUESTS', 'You have exceeded the number of allowed requests'),
        );
      }
      refuseFaults(rows.flatMap((row) => faultsOf(row, pixel, tags, state)));
      const receivedAt = new Date(state.nowMs()).toISOString();
      for (const row of rows)
        state.keep(toConversion(row as Readonly<Record<string, unknown>>, pixel, receivedAt));
      return json(200, {
        request: { params: { account_id: state.accountId } },
        data: { conversions_processed: rows.length, debug_id: debugId(state) },
      });
    },
  },
];

/** A token of the pixel, or a signature of a user who may report conversions. */
function authenticate(request: EmulatorRequest, pixel: string, state: XAdsState): void {
  const pixelToken = request.headers['x-pixel-token'];
  if (typeof pixelToken === 'string') {
    if (state.pixelTokens.get(pixelToken) !== pixel) throw new Refused(unauthorised());
    return;
  }
  const user = state.users.get(userOf(request, state) ?? '');
  if (user === undefined) throw new Refused(unauthorised());
  if (user.role === 'ANALYST') {
    const message = 'The client application making this request does not have access to the ads API';
    throw new Refused(apiError(403, 'UNAUTHORIZED_CLIENT_APPLICATION', message));
  }
}

export function unauthorised(): Reply {
  return apiError(401, 'UNAUTHORIZED_ACCESS', 'This request is not properly authenticated');
}

function readRows(request: EmulatorRequest): readonly unknown[] {
  const body = request.json();
  const rows =
    typeof body === 'object' && body !== null && 'conversions' in body ? body.conversions : undefined;
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new Refused(
      apiError(400, 'MISSING_PARAMETER', '"conversions" is a required parameter', 'conversions'),
    );
  }
  if (rows.length > CONVERSIONS_MAX) {
    const message = `Conversion count limit is ${String(CONVERSIONS_MAX)}`;
    throw new Refused(apiError(400, 'INVALID_PARAMETER', message, 'conversions'));
  }
  return rows;
}

/** All or nothing: one bad row refuses the call, whose answer lists every fault of every row. */
function refuseFaults(faults: ReturnType<typeof faultsOf>): void {
  if (faults.length === 0) return;
  const isTagOnly = faults.every(({ code }) => code === 'WEB_EVENT_TAG_NOT_FOUND');
  throw new Refused(apiErrors(isTagOnly ? 404 : 400, faults));
}

function toConversion(row: Readonly<Record<string, unknown>>, pixel: string, receivedAt: string) {
  const { conversion_id, event_id } = row;
  return {
    pixel,
    receivedAt,
    event_id: String(event_id),
    conversion_id: typeof conversion_id === 'string' && conversion_id !== '' ? conversion_id : null,
    conversion: row,
  };
}

/** Of the look of a UUID, the same in every run. */
function debugId({ conversions, repetitions }: XAdsState): string {
  const hex = createHash('md5')
    .update(`${String(conversions.length)} ${String(repetitions.length)}`)
    .digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
