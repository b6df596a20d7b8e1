import { isJsonObject } from '../../kernel/json.ts';
import { stringField } from '../../kit/index.ts';
import type { DescribeFailure } from '../../kit/index.ts';

/** Where the vendor's own WordPress plugin looks for words, in its order (2026-11). */
const WORDS = ['detail', 'title', 'message', 'error'] as const;

export const describeFailure: DescribeFailure = ({ status, body }) => {
  const said = WORDS.map((name) => stringField(body, name)).find((text) => text !== undefined && text !== '');
  const words = [said, firstError(body)].filter((text) => text !== undefined);
  return { message: [`Mailmojo answered ${String(status)}`, ...words].join(': ') };
};

function firstError(body: unknown): string | undefined {
  const errors: unknown = isJsonObject(body) ? body['errors'] : undefined;
  const given: readonly unknown[] = Array.isArray(errors) ? errors : [];
  const [first] = given;
  if (typeof first === 'string') return first;
  const words = [stringField(first, 'field'), stringField(first, 'message')].filter(
    (text) => text !== undefined,
  );
  return words.length === 0 ? undefined : words.join(' ');
}
