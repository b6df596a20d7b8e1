import { expect, test } from 'vitest';
import { RollingWindow } from './rolling-window.ts';

test('a call leaves the window exactly when its span is over', () => {
  const window = new RollingWindow(10_000);
  for (let at = 0; at < 100; at++) window.add(at);
  expect(window.count(9_999)).toBe(100);
  expect(window.count(10_000)).toBe(99);
  expect(window.count(10_050)).toBe(49);
  expect(window.count(10_099)).toBe(0);
});

test('a clock that is moved back forgets the calls that are now in the future', () => {
  const window = new RollingWindow(10_000);
  window.add(50_000);
  expect(window.count(1_000)).toBe(0);
});
