/** What an audience that has every merge field an input names, as text, and no events of the contact would answer. Pure. */
import { isJsonObject } from '../../kernel/json.ts';
import type { Call, CallResponse } from '../../kit/index.ts';

export function assume({ method, path }: Call, input: unknown): CallResponse | undefined {
  if (method !== 'GET') return undefined;
  if (path.endsWith('/merge-fields')) {
    const named = isJsonObject(input) && isJsonObject(input['merge_fields']) ? input['merge_fields'] : {};
    const fields = Object.entries(named).map(([tag, value]) => ({
      tag,
      type: isJsonObject(value) ? 'address' : 'text',
    }));
    return ok({ merge_fields: fields });
  }
  if (path.endsWith('/events')) return ok({ events: [], total_items: 0 });
  return undefined;
}

function ok(body: unknown): CallResponse {
  return { status: 200, headers: {}, body };
}
