import type { Version } from '../versions.ts';

/** Where the parts of the events API are on each version (published specifications, 2026-08). */
export interface EventPaths {
  /** 2025-09 has no sending. */
  readonly send: readonly string[];
  readonly definitions: string;
  readonly reads: string;
}

export function eventPathsOf(version: Version): EventPaths {
  switch (version) {
    case 'v3':
      return {
        send: ['/events/v3/send'],
        definitions: '/events/v3/event-definitions',
        reads: '/events/v3/events',
      };
    case '2025-09':
      return { send: [], ...datedPaths(version) };
    case '2026-03':
      return { send: ['/events/custom/2026-03/send', '/events/2026-03/send'], ...datedPaths(version) };
    case '2026-09':
      return { send: ['/events/custom/2026-09/send'], ...datedPaths(version) };
  }
}

function datedPaths(version: Version): Omit<EventPaths, 'send'> {
  return {
    definitions: `/events/custom/${version}/event-definitions`,
    reads: `/events/event-occurrences/${version}`,
  };
}
