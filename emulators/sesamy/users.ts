import { Refused } from '../core/index.ts';
import { problem } from './problem.ts';
import type { Profile, ProfileChange } from './shapes.ts';
import type { SesamyState } from './state.ts';

export function createUser(
  state: SesamyState,
  change: ProfileChange,
  userId = `email|${state.makeId('user').slice(0, 24)}`,
): Profile {
  if (state.users.has(userId)) throw new Refused(problem(409, 'conflict', 'The user exists already'));
  refuseTakenEmail(state, change.email, userId);
  const user: Profile = { ...change, userId, createdAt: state.now(), updatedAt: state.now() };
  state.users.set(userId, user);
  state.raise({ eventType: 'userVendor.1#new', userId });
  return user;
}

export function updateUser(state: SesamyState, userId: string, change: ProfileChange): Profile {
  refuseTakenEmail(state, change.email, userId);
  const user: Profile = { ...state.user(userId), ...change, updatedAt: state.now() };
  state.users.set(userId, user);
  state.raise({ eventType: 'userVendor.1#update', userId });
  return user;
}

/** Takes the user and all that is theirs. The vendor lists no event for it, so none is raised. */
export function deleteUser(state: SesamyState, userId: string): void {
  state.user(userId);
  state.users.delete(userId);
  for (const records of [state.contracts, state.entitlements, state.bills, state.transactions]) {
    for (const [id, record] of records) if (record.userId === userId) records.delete(id);
  }
}

function refuseTakenEmail(state: SesamyState, email: string | undefined, userId: string): void {
  const isTaken = [...state.users.values()].some((user) => user.email === email && user.userId !== userId);
  if (email !== undefined && isTaken) throw new Refused(problem(409, 'conflict', 'The email is taken'));
}
