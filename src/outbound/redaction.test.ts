import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Redacted } from '../kernel/redacted.ts';
import { toExchange } from './exchange.ts';
import { makeRedact } from './redaction.ts';

const secretText = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => text.trim().length >= 8);

/** An exchange with the secret wherever a request or an answer can carry it. */
function everywhere(secret: string, filler: string): string {
  const redact = makeRedact([new Redacted(secret)]);
  const query = new URLSearchParams({ key: secret, filler }).toString();
  const request = {
    method: 'POST',
    url: `https://vendor.example/${encodeURIComponent(secret)}?${query}`,
    body: JSON.stringify({ [filler]: secret }),
    startedAtMs: 0,
  };
  const headers = { 'x-request-id': `r-${secret}`, 'set-cookie': secret, 'x-ratelimit-key': secret };
  const response = { status: 400, headers, body: undefined };
  const answered = toExchange(
    request,
    { kind: 'response', response, text: `${filler}${secret}${secret}` },
    1,
    redact,
  );
  const broken = toExchange(request, { kind: 'network', code: 'x', message: `to ${secret}` }, 1, redact);
  return JSON.stringify([answered, broken]);
}

test('a secret never appears in an exchange, wherever and however it is spelled', () => {
  fc.assert(
    fc.property(secretText, fc.string(), (secret, filler) => {
      fc.pre(!'[redacted]'.includes(secret) && !JSON.stringify(filler).includes(secret));
      const kept = everywhere(secret, filler);
      for (const spelling of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
        expect(kept.includes(spelling)).toBe(false);
        expect(kept.includes(JSON.stringify(spelling).slice(1, -1))).toBe(false);
      }
    }),
  );
});

test('a secret at the place where a long body is cut does not leave its first half', () => {
  const secret = 'pat-na1-0123456789';
  const redact = makeRedact([new Redacted(secret)]);
  for (let before = 19_980; before <= 20_005; before += 1) {
    const body = `${'x'.repeat(before)}${secret}${'y'.repeat(100)}`;
    const request = { method: 'POST', url: '', body, startedAtMs: 0 };
    const { requestBody } = toExchange(request, { kind: 'network', code: '', message: '' }, 0, redact);
    expect(requestBody).not.toContain(secret.slice(0, 4));
    expect(requestBody.length).toBeLessThan(20_100);
  }
});

test('a secret that begins with another one is hidden whole', () => {
  const redact = makeRedact([new Redacted('abcd'), new Redacted('abcdefgh')]);
  expect(redact('token=abcdefgh;id=abcd')).toBe('token=[redacted];id=[redacted]');
});

test('an answer keeps the headers that explain it and no cookie', () => {
  const headers = {
    'retry-after': '1',
    'set-cookie': 'session',
    'x-hubspot-ratelimit-max': '100',
    server: 'nginx',
  };
  const answer = { kind: 'response', response: { status: 200, headers, body: undefined }, text: '' } as const;
  const request = { method: 'GET', url: '', body: '', startedAtMs: 0 };
  expect(toExchange(request, answer, 0, makeRedact([])).responseHeaders).toEqual({
    'retry-after': '1',
    'x-hubspot-ratelimit-max': '100',
  });
});

test('of a secret that is a whole authorization header the credential is taken out on its own, too', () => {
  const redact = makeRedact([new Redacted('Bearer hook-token')]);
  expect(redact('unknown token hook-token, got Bearer hook-token')).toBe(
    'unknown token [redacted], got [redacted]',
  );
});
