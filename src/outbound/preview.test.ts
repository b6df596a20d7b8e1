import { expect, test } from 'vitest';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { Redacted } from '../kernel/redacted.ts';
import { claim, send } from '../kit/index.ts';
import type { AnyConnector, CallResponse, Steps } from '../kit/index.ts';
import { preview } from './preview.ts';

const connector = makeTestConnector();
const settings = { base_url: 'http://vendor/', access_token: new Redacted('the-secret') };
const ok = (body: unknown): CallResponse => ({ status: 200, headers: {}, body });

function* readThenWrite(): Steps<string> {
  yield* claim(['a']);
  const { body } = yield* send({ method: 'GET', path: '/read', query: { q: 'a b' } });
  yield* send({
    method: 'POST',
    path: '/write',
    headers: { 'x-key': 'the-secret' },
    body: { found: String(body), token: 'the-secret' },
  });
  return 'done';
}

const of = (more: Partial<AnyConnector>, answers: readonly CallResponse[] = []) =>
  preview(readThenWrite(), { connector: { ...connector, ...more }, settings, input: 'input', answers });

test('the first call that has no answer ends the preview', () => {
  expect(of({})).toEqual({
    calls: [{ method: 'GET', url: 'http://vendor/read?q=a+b' }],
    end: { kind: 'unanswered' },
  });
});

test('what the connector assumes lets it go on to the write, which holds no secret', () => {
  const assume: AnyConnector['assume'] = ({ method }, input) =>
    method === 'GET' ? ok(`of ${String(input)}`) : undefined;
  expect(of({ assume })).toEqual({
    calls: [
      {
        method: 'GET',
        url: 'http://vendor/read?q=a+b',
        answer: { from: 'assumed', status: 200, body: 'of input' },
      },
      {
        method: 'POST',
        url: 'http://vendor/write',
        headers: { 'x-key': '[redacted]' },
        body: { found: 'of input', token: '[redacted]' },
      },
    ],
    end: { kind: 'unanswered' },
  });
});

test('answers that are given come first, and the end is told as the engine would see it', () => {
  expect(of({}, [ok(1), ok(2)])).toMatchObject({ end: { kind: 'returned', result: 'done' } });
  expect(of({}, [{ status: 404, headers: {}, body: 'No.' }])).toMatchObject({
    calls: [{ answer: { from: 'given', status: 404 } }],
    end: { kind: 'failed', failure: { kind: 'rejected', fault: { status: 404 } } },
  });
});
