import { expect, test } from 'vitest';
import { mergeInputs, subscriberInputSchema } from './subscriber-input.ts';

const parse = (input: object) => subscriberInputSchema.parse({ email: 'asa@example.com', ...input });
const contract = (external_id: string, more: object = {}) => ({
  external_id,
  product_external_id: 'MAG-001',
  ...more,
});

test('inputs that wait together are one that writes what both write', () => {
  const older = parse({
    firstname: 'Åsa',
    company: 'The Daily',
    tags: { set: ['sesamy_tag_vip'] },
    products: [
      { external_id: 'MAG-001', name: 'Magazine' },
      { external_id: 'ART-1', name: 'The long read' },
    ],
    subscriptions: [contract('c1', { status: 'active', price: 99 }), contract('c2')],
  });
  const newer = parse({
    company: 'The Weekly',
    products: [{ external_id: 'MAG-001', name: 'Renamed' }],
    subscriptions: [contract('c1', { status: 'canceled' }), contract('c3')],
  });
  expect(mergeInputs(older, newer)).toEqual({
    email: 'asa@example.com',
    firstname: 'Åsa',
    company: 'The Weekly',
    tags: { set: ['sesamy_tag_vip'], keep: [] },
    products: [
      { external_id: 'MAG-001', name: 'Renamed' },
      { external_id: 'ART-1', name: 'The long read' },
    ],
    subscriptions: [contract('c1', { status: 'canceled', price: 99 }), contract('c2'), contract('c3')],
  });
});

test('of a new and an old address of one person, the new one is written', () => {
  const older = parse({ external_id: 'u1', email: 'old@example.com', firstname: 'Åsa' });
  const newer = parse({ external_id: 'u1', email: 'new@example.com' });
  expect(mergeInputs(older, newer)).toMatchObject({ email: 'new@example.com', firstname: 'Åsa' });
});
