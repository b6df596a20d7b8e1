import { definePreset } from '../../../kit/index.ts';
import { toResolveInput } from '../../../subscribers/index.ts';
import { NO_SNAPSHOT, takeSnapshot } from '../actions/take-snapshot.ts';

export const resolve = definePreset({
  id: 'subscribers/resolve',
  title: 'Take snapshots of subscriber events',
  summary: 'Turns subscriber events that carry the full picture into what destinations need.',
  action: takeSnapshot,
  when: { types: ['subscriber'] },
  options: {},
  map: (event) => {
    const question = toResolveInput(event);
    return question.kind === 'input' && question.input.inline === null
      ? { kind: 'skip', reason: NO_SNAPSHOT }
      : question;
  },
});
