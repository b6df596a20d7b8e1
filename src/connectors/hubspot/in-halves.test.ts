import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallResponse } from '../../kit/index.ts';
import { send } from '../../kit/index.ts';
import { driveSteps } from '../../../test/support/drive-steps.ts';
import { inHalves } from './in-halves.ts';

const OK: CallResponse = { status: 200, headers: {}, body: undefined };

/** Sends numbers to a vendor that refuses a call whole when one of them is bad; returns verdicts and calls. */
function drive(entries: readonly number[], isBad: (entry: number) => boolean) {
  const taken: number[] = [];
  const steps = inHalves(entries, function* (part) {
    yield* send({ method: 'POST', path: '/batch' });
    const [only] = part;
    if (!part.some(isBad)) {
      taken.push(...part);
      return { settled: new Map(part.map((entry) => [entry, 'taken'])), unclear: [] };
    }
    return part.length === 1 && only !== undefined
      ? { settled: new Map([[only, 'refused']]), unclear: [] }
      : { settled: new Map(), unclear: part };
  });
  const { result, calls } = driveSteps(steps, () => OK);
  return { result, calls: calls.length, taken };
}

test('whatever is bad, every entry has its own verdict and none is taken twice', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(1_000), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (entries, modulus) => {
        const isBad = (entry: number): boolean => entry % modulus === 0;
        const { result, taken } = drive(entries, isBad);
        expect([...result].toSorted(([a], [b]) => a - b)).toEqual(
          entries.toSorted((a, b) => a - b).map((entry) => [entry, isBad(entry) ? 'refused' : 'taken']),
        );
        expect(taken.toSorted((a, b) => a - b)).toEqual(
          entries.filter((entry) => !isBad(entry)).toSorted((a, b) => a - b),
        );
      },
    ),
  );
});

test('one bad entry among a hundred costs about twice the times that a hundred can be halved', () => {
  const entries = Array.from({ length: 100 }, (_, index) => index);
  expect(drive(entries, (entry) => entry === 37).calls).toBeLessThanOrEqual(15);
  expect(drive(entries, () => false).calls).toBe(1);
});

test('an entry that stays unclear alone is a fault of the connector, not an endless conversation', () => {
  const steps = inHalves([1], function* (part) {
    yield* send({ method: 'POST', path: '/batch' });
    return { settled: new Map<number, string>(), unclear: part };
  });
  expect(() => driveSteps(steps, () => OK)).toThrow('without a verdict');
});
