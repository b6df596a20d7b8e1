import { json } from '../../core/index.ts';
import { call } from '../access.ts';
import type { ApiCall } from '../access.ts';

export const accountRoutes: readonly ApiCall[] = [
  call('GET', '/ping', () => json(200, { health_status: "Everything's Chimpy!" })),
  call('GET', '/', (_request, state) =>
    json(200, {
      account_id: '8d3a3db4d97663a9074efcc16',
      login_id: '46d82dbcb9',
      account_name: 'The Daily Emulator',
      email: 'owner@emulator.test',
      role: 'owner',
      pricing_plan_type: 'monthly',
      contact: { company: 'The Daily Emulator', country: 'SE' },
      industry_stats: { open_rate: 0, bounce_rate: 0, click_rate: 0 },
      total_subscribers: [...state.audiences.values()].reduce((sum, { members }) => sum + members.size, 0),
      _links: [],
    }),
  ),
];
