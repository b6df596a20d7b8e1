import { expect, test } from 'vitest';
import { choosePhone } from './phone.ts';

const phones = { mobile: '+46701', default: '+46702', work: '+46703', home: '+46704' };

test.each([
  ['mobile first', phones, '+46701'],
  ['then default', { ...phones, mobile: null }, '+46702'],
  ['then work', { ...phones, mobile: '', default: ' ' }, '+46703'],
  ['then home', { mobile: null, default: null, work: null, home: '+46704' }, '+46704'],
  ['none', { mobile: null, default: null, work: null, home: '' }, null],
  ['as typed, not rewritten', { ...phones, mobile: ' 070-123 45 67 ' }, '070-123 45 67'],
])('the phone is chosen %s', (_what, given, phone) => {
  expect(choosePhone(given)).toBe(phone);
});
