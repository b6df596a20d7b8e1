import type { Steps } from '../../../kit/index.ts';
import { ask, BY_EMAIL, readSubscriber, subscriberPath } from '../api.ts';
import type { Found } from '../api.ts';

/** Reads the subscriber of an address, by v2: v3 has no such read. `absent` when there is none. */
export function* findSubscriber(email: string): Steps<Found | 'absent' | 'unreadable'> {
  const response = yield* ask({
    version: 'v2',
    method: 'GET',
    path: subscriberPath(email),
    query: BY_EMAIL,
    accept: [404],
  });
  if (response?.status === 404) return 'absent';
  return readSubscriber(response?.body) ?? 'unreadable';
}
