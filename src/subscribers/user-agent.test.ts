import { expect, test } from 'vitest';
import { attributionSchema, checkoutSchema } from './checkout.ts';
import { userAgentOf } from './user-agent.ts';

const agentOf = (attribution: object | null, metadata: Readonly<Record<string, string>>, field?: string) =>
  userAgentOf(
    {
      checkout: checkoutSchema.parse({ id: 'checkout_1', metadata }),
      attribution: attribution === null ? null : attributionSchema.parse(attribution),
    },
    field,
  );

const OF_PLATFORM = { userAgent: 'Mozilla/5.0 (X11)' };
const OF_PUBLISHER = { user_agent: ' Mozilla/5.0 (Macintosh) ', ua: 'Mozilla/5.0 (Android)' };

test('the browser string is what the platform tells, else what the publisher put into the metadata', () => {
  expect(agentOf(OF_PLATFORM, OF_PUBLISHER)).toBe('Mozilla/5.0 (X11)');
  expect(agentOf({}, OF_PUBLISHER)).toBe('Mozilla/5.0 (Macintosh)');
  expect(agentOf(null, OF_PUBLISHER, 'ua')).toBe('Mozilla/5.0 (Android)');
});

test.each([{}, { user_agent: ' ' }])('a checkout of which nobody tells has none: %j', (metadata) => {
  expect(agentOf(null, metadata)).toBeNull();
});
