import { z } from 'zod';

/** `owners` of a seed: as many as the fields say, the rest is made up. */
export const ownerSeedSchema = z.strictObject({
  id: z.string().regex(/^\d+$/).optional(),
  userId: z.int().positive().optional(),
  email: z.string().min(1),
  firstName: z.string().default(''),
  lastName: z.string().default(''),
  type: z.enum(['PERSON', 'QUEUE']).default('PERSON'),
  archived: z.boolean().default(false),
  teams: z
    .array(z.strictObject({ id: z.string(), name: z.string(), primary: z.boolean().default(false) }))
    .optional(),
});

export type OwnerSeed = z.output<typeof ownerSeedSchema>;

/** Somebody to whom records may belong. Their records name the owner's id, never the user's. */
export interface Owner extends OwnerSeed {
  readonly id: string;
  readonly userId: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

// Two number ranges that share no number, so that a client that mixes up owner and user ids is found out.
const FIRST_ID = 400_000_001;
const FIRST_USER_ID = 5_000_001;

/** The owners of an account. They come from seeds only: HubSpot makes one of every user, and no call does. */
export class Owners {
  readonly #byId = new Map<string, Owner>();
  #nextId = FIRST_ID;
  #nextUserId = FIRST_USER_ID;

  /** An owner of the same id or address is replaced. */
  add(given: OwnerSeed, nowMs: number): Owner {
    const known = this.all().find(({ id, email }) => id === given.id || email === given.email);
    const owner: Owner = {
      ...given,
      id: given.id ?? known?.id ?? String(this.#nextId++),
      userId: given.userId ?? known?.userId ?? this.#nextUserId++,
      createdAt: known?.createdAt ?? nowMs,
      updatedAt: nowMs,
    };
    this.#byId.set(owner.id, owner);
    return owner;
  }

  find(id: string): Owner | undefined {
    return this.#byId.get(id);
  }

  /** By ascending id. */
  all(): readonly Owner[] {
    return [...this.#byId.values()].toSorted((a, b) => Number(a.id) - Number(b.id));
  }
}

/** An archived owner has no user any more; what the user was is told separately (recorded field names). */
export function showOwner(owner: Owner): Record<string, unknown> {
  const { id, email, type, firstName, lastName, userId, archived, teams } = owner;
  return {
    id,
    email,
    type,
    firstName,
    lastName,
    ...(archived ? {} : { userId }),
    userIdIncludingInactive: userId,
    createdAt: new Date(owner.createdAt).toISOString(),
    updatedAt: new Date(owner.updatedAt).toISOString(),
    archived,
    ...(teams === undefined ? {} : { teams }),
  };
}
