import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Quota } from './quota.ts';

test('a member that holds nothing may always take, however much the others hold', () => {
  const quota = new Quota(10);
  const [greedy, modest] = [quota.join(), quota.join()];
  greedy.hold(1_000);
  expect([greedy.hasRoom(), modest.hasRoom()]).toEqual([false, true]);
  greedy.hold(0);
  expect(greedy.hasRoom()).toBe(true);
});

test('what is held together is the sum of what each said last', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(100)), { maxLength: 50 }), (says) => {
      const quota = new Quota(100);
      const members = Array.from({ length: 4 }, () => quota.join());
      const last = [0, 0, 0, 0];
      for (const [who, amount] of says) {
        members[who]?.hold(amount);
        last[who] = amount;
        expect(quota.held).toBe(last.reduce((sum, each) => sum + each, 0));
      }
    }),
  );
});
