import { expect, test } from 'vitest';

test.only('should append', async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(true).toBe(true);
});
