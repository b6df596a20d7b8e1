import { expect, test } from 'vitest';
import { targetBelow } from './address.ts';

test.each([
  ['https://a.example', '', {}, '/'],
  ['https://a.example/in', '', {}, '/in'],
  ['https://a.example/in/', '', {}, '/in/'],
  ['https://a.example/in?key=1&key=2', '', {}, '/in?key=1&key=2'],
  ['https://a.example/in?key=1', '/orders/7', { page: 2, full: true }, '/in/orders/7?key=1&page=2&full=true'],
  ['https://a.example/in/', 'orders', {}, '/in/orders'],
  ['https://a.example', '//b.example/x', {}, '//b.example/x'],
  ['https://a.example/in', '/å b', {}, '/in/%C3%A5%20b'],
])('below %s the path %s with %o is %s', (address, path, query, target) => {
  expect(targetBelow(address, path, query)).toBe(target);
});

test.each([
  '/../admin',
  '/orders/../../admin',
  '/orders/%2e%2E/admin',
  '/orders/.%2e',
  '/orders\\..\\admin',
  '/.',
  '/orders?admin=1',
  '/orders#x',
])('the path %s, which could lead elsewhere, is none', (path) => {
  expect(targetBelow('https://a.example/in', path, {})).toBeUndefined();
});

test.each(['@b.example', ':1@b.example', '//b.example', '\\\\b.example', '.b.example'])(
  'the path %s leads to no other host',
  (path) => {
    const target = targetBelow('https://a.example', path, {}) ?? '/';
    expect(new URL(`https://a.example${target}`).host).toBe('a.example');
  },
);
