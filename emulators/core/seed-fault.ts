import { Refused } from './reply.ts';

export type SeedPath = readonly (string | number)[];

/** A seed that has the right shape and that the vendor would refuse all the same, with the place of the refusal. */
export class SeedFault extends RangeError {
  readonly path: SeedPath;
  /** What is wrong, without the place. */
  readonly reason: string;

  constructor(path: SeedPath, reason: string) {
    super(`${toText(path)}: ${reason}`);
    this.name = 'SeedFault';
    this.path = path;
    this.reason = reason;
  }
}

/** Carries out a part of a seed; what the vendor's own rules refuse in it is told with its place. */
export function seedPart<Result>(path: SeedPath, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof SeedFault) throw new SeedFault([...path, ...error.path], error.reason);
    if (error instanceof Refused) throw new SeedFault(path, messageOf(error));
    throw error;
  }
}

function toText(path: SeedPath): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
}

function messageOf({ reply: { body, status } }: Refused): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' ? message : `refused with ${status}`;
}
