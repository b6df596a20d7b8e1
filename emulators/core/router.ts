import type { EmulatorRequest } from './request.ts';
import type { Reply } from './reply.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** One call of the vendor's API. `:name` in the path stands for one segment; the first route that fits wins. */
export interface Route<State> {
  readonly method: Method;
  readonly path: string;
  handle(request: EmulatorRequest, state: State): Reply | Promise<Reply>;
}

export type RouteMatch<State> =
  | {
      readonly kind: 'found';
      readonly route: Route<State>;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'wrong_method' }
  | { readonly kind: 'unknown' };

export type Router<State> = (method: string, path: string) => RouteMatch<State>;

interface CompiledRoute<State> {
  readonly route: Route<State>;
  readonly segments: readonly string[];
}

/** Finds routes by the number of segments first: with some hundred routes a call still looks at few of them. */
export function makeRouter<State>(routes: readonly Route<State>[]): Router<State> {
  const bySize = new Map<number, CompiledRoute<State>[]>();
  for (const route of routes) {
    const segments = toSegments(route.path);
    const peers = bySize.get(segments.length) ?? [];
    peers.push({ route, segments });
    bySize.set(segments.length, peers);
  }
  return (method, path) => {
    const segments = toSegments(path);
    let isPathKnown = false;
    for (const candidate of bySize.get(segments.length) ?? []) {
      if (!fits(candidate.segments, segments)) continue;
      isPathKnown = true;
      if (candidate.route.method !== method) continue;
      const params = readParams(candidate.segments, segments);
      if (params !== undefined) return { kind: 'found', route: candidate.route, params };
    }
    return { kind: isPathKnown ? 'wrong_method' : 'unknown' };
  };
}

/** A trailing slash makes no difference; vendors' own clients differ in it. */
function toSegments(path: string): string[] {
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  return segments;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, index) =>
    part.startsWith(':') ? segments[index] !== '' : part === segments[index],
  );
}

function readParams(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (!part.startsWith(':')) continue;
    try {
      params[part.slice(1)] = decodeURIComponent(segments[index] ?? '');
    } catch {
      // A broken percent escape names nothing that exists.
      return undefined;
    }
  }
  return params;
}
