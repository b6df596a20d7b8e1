import { expect, test } from 'vitest';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { settingsSchema } from '../settings.ts';
import { associate } from './associate.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });

/** A HubSpot without contacts that links whatever has ids. */
function answer({ path, body }: Call): CallResponse {
  const results = path.endsWith('/batch/read') ? [] : (body as { inputs?: object[] }).inputs;
  return { status: 200, headers: {}, body: { status: 'COMPLETE', results } };
}

function deliver(input: object, attempt: number, options: object = {}) {
  const batch = [{ input: associate.input.parse(input), traceId: 't', attempt }];
  const context = { settings, options: associate.options.parse(options), cache: aCache(), nowMs: 1 };
  return driveSteps(associate.deliver(batch, context), answer).result;
}

const late = {
  from: { type: 'contact', by: 'email', value: 'a@x.io' },
  to: { type: 'company', by: 'id', value: 9 },
};

test('an end that is still on its way is waited for, then given up with the reason', () => {
  expect(deliver(late, 1)).toMatchObject([
    { kind: 'retry', waitMs: 1_000, fault: { code: 'hubspot.record_missing' } },
  ]);
  expect(deliver(late, 5)).toMatchObject([{ kind: 'retry' }]);
  expect(deliver(late, 6)).toEqual([
    {
      kind: 'rejected',
      fault: {
        code: 'hubspot.record_missing',
        message:
          'HubSpot has no contact with this email, the "from" end of the association. Given up after 6 attempts.',
      },
    },
  ]);
});

test('a flow may not wait at all', () => {
  expect(deliver(late, 1, { wait_attempts: 1 })).toMatchObject([{ kind: 'rejected' }]);
});

test('the outcome names both records', () => {
  const input = { ...late, from: { type: '0-1', by: 'id', value: '7' } };
  expect(deliver(input, 1)).toEqual([{ kind: 'delivered', remoteId: '7-9' }]);
});

test('different pairs may share a call, primary companies of one contact may not', () => {
  const keyOf = (input: object): string => associate.orderKey(associate.input.parse(input));
  const to = { type: 'companies', by: 'id', value: '10' };
  expect(keyOf(late)).not.toBe(keyOf({ ...late, to }));
  expect(keyOf({ ...late, label: 'Primary' })).toBe(keyOf({ ...late, to, label: 'primary' }));
});
