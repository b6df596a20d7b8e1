import { z } from 'zod';
import { scriptedSchema } from './answers.ts';
import type { Received, ReceiverState } from './state.ts';

/** What a seed may hold. A second seed of an endpoint changes only what it names. */
export const seedSchema = z.strictObject({
  endpoints: z
    .array(
      z.strictObject({
        path: z.string().regex(/^\/[^?#]+$/, 'must begin with / and have no query'),
        secrets: z.array(z.string().min(1)).optional(),
        headers: z.record(z.string().min(1), z.string()).optional(),
        /** Given in turn, one to a call; added to those that are left. */
        answers: z.array(scriptedSchema).optional(),
        /** Given when those are used up; 200 when it was never set. */
        usual: scriptedSchema.optional(),
      }),
    )
    .default([]),
});

export function applySeed(state: ReceiverState, seed: z.output<typeof seedSchema>): void {
  for (const { path, secrets, headers, answers, usual } of seed.endpoints) {
    const endpoint = state.endpoint(path);
    endpoint.secrets = secrets ?? endpoint.secrets;
    endpoint.usual = usual ?? endpoint.usual;
    endpoint.answers.push(...(answers ?? []));
    if (headers !== undefined) {
      endpoint.headers = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
    }
  }
}

/** Everything that came in; `?path=/hooks/a` narrows it to one endpoint. */
export function showState(state: ReceiverState, query: URLSearchParams): unknown {
  const path = query.get('path');
  return {
    endpoints: [...state.endpoints.values()].map(({ secrets, headers, ...shown }) => ({
      ...shown,
      secretCount: secrets.length,
      headerNames: Object.keys(headers),
    })),
    received: state.received.filter((one) => path === null || one.path === path),
  };
}

/** What a strict receiver would say of all that came in, by endpoint. */
export function report(received: readonly Received[]): unknown {
  const byPath = new Map<string, Received[]>();
  for (const one of received) byPath.set(one.path, [...(byPath.get(one.path) ?? []), one]);
  return {
    endpoints: [...byPath].map(([path, all]) => ({
      path,
      calls: all.length,
      messages: new Set(all.flatMap(({ messageId }) => messageId ?? [])).size,
      signed: all.filter(({ isSigned }) => isSigned).length,
      statuses: countBy(all.map(({ status }) => String(status))),
      problems: countBy(all.flatMap(({ problems }) => problems)),
    })),
  };
}

function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
