import { isJsonObject } from '../../kernel/json.ts';

/** A list in an answer; empty when there is none. */
export function listOf(body: unknown, name: string): readonly unknown[] {
  const list: unknown = isJsonObject(body) ? body[name] : undefined;
  return Array.isArray(list) ? list : [];
}
