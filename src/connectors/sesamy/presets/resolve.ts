import { definePreset } from '../../../kit/index.ts';
import { toResolveInput } from '../../../subscribers/index.ts';
import { resolveSubscriber } from '../actions/resolve-subscriber.ts';

export const resolve = definePreset({
  id: 'sesamy/resolve',
  title: 'Resolve subscriber events',
  summary: 'Turns the ids of raw subscriber events into the full picture that destinations need.',
  action: resolveSubscriber,
  when: { types: ['subscriber'] },
  options: {},
  map: (event) => toResolveInput(event),
});
