/**
 * The clients of a fault run. Each has people of its own and sends them values 1, 2, 3 …; what is not answered with
 * success is sent again, under the same message ids and to another ingest, before anything newer of the same client.
 */
import { request } from 'undici';
import { systemClock } from '../../src/kernel/clock.ts';
import { WRITE_KEY } from './cluster.ts';
import type { Judge } from './judge.ts';
import { LAST, markOf, PERSON } from './vendor-journal.ts';

export interface SendersOptions {
  readonly judge: Judge;
  /** Where the ingest processes listen now. */
  readonly targets: () => readonly string[];
  readonly clients: number;
  readonly peoplePerClient: number;
  readonly perSecond: number;
}

// One event in twenty is a track, which no flow wants: the log must keep it all the same.
const PEOPLE_PER_CALL = 19;
const HEADERS = {
  'content-type': 'application/json',
  authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
};
// A call that is not answered by then is as good as refused: PostgreSQL is away, or the process has been killed.
const ANSWER_MS = 5_000;
const AGAIN_MS = 100;

export class Senders {
  readonly #options: SendersOptions;
  readonly #next = new Map<number, number>();
  readonly #running: Promise<void>[] = [];
  #isStopped = false;
  #isAbandoned = false;
  #acknowledged = 0;
  #repeated = 0;

  constructor(options: SendersOptions) {
    this.#options = options;
    for (let client = 0; client < options.clients; client += 1) this.#running.push(this.#send(client));
  }

  /** Events of either type that were answered with success. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Calls that had to be sent again. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Sends nothing new; resolves when all that was sent is acknowledged. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#running);
  }

  /** Sends nothing at all any more: the run has failed. */
  abandon(): void {
    this.#isStopped = true;
    this.#isAbandoned = true;
  }

  async #send(client: number): Promise<void> {
    const { clients, peoplePerClient, perSecond } = this.#options;
    const everyMs = ((PEOPLE_PER_CALL + 1) * clients * 1_000) / perSecond;
    let dueMs = systemClock.now() + (everyMs * client) / clients;
    let at = 0;
    for (let call = 0; !this.#isStopped; call += 1) {
      await systemClock.sleep(dueMs - systemClock.now());
      // What could not be sent during an outage is not made up for: the rate is an upper bound.
      dueMs = Math.max(dueMs + everyMs, systemClock.now());
      const people: number[] = [];
      for (let looked = 0; looked < peoplePerClient && people.length < PEOPLE_PER_CALL; looked += 1) {
        const person = client * peoplePerClient + at;
        at = (at + 1) % peoplePerClient;
        if (this.#options.judge.mayTake(person, this.#nextOf(person))) people.push(person);
      }
      if (people.length > 0) await this.#sendCall(client, call, people);
    }
  }

  #nextOf(person: number): number {
    return (this.#next.get(person) ?? 0) + 1;
  }

  async #sendCall(client: number, call: number, people: readonly number[]): Promise<void> {
    const values = people.map((person) => ({ person, value: this.#nextOf(person) }));
    const track = {
      type: 'track',
      event: 'Page Read',
      messageId: `t.${String(client)}.${String(call)}`,
      userId: `user-${String(people[0])}`,
    };
    const batch = [...values.map(({ person, value }) => identifyOf(person, value)), track];
    const body = JSON.stringify({ batch });
    for (let attempt = client; !(await this.#post(body, attempt)); attempt += 1) {
      if (this.#isAbandoned) return;
      this.#repeated += 1;
      await systemClock.sleep(AGAIN_MS);
    }
    for (const { person, value } of values) {
      this.#next.set(person, value);
      this.#options.judge.acknowledge(person, value);
    }
    this.#acknowledged += batch.length;
  }

  /** True when the call was acknowledged. */
  async #post(body: string, attempt: number): Promise<boolean> {
    const targets = this.#options.targets();
    const target = targets[attempt % targets.length];
    if (target === undefined) return false;
    try {
      const answer = await request(`${target}/v1/batch`, {
        method: 'POST',
        headers: HEADERS,
        body,
        headersTimeout: ANSWER_MS,
        bodyTimeout: ANSWER_MS,
      });
      const text = await answer.body.text();
      return answer.statusCode === 200 && text === '{"success":true}';
    } catch {
      // Killed under way, or not there: whether it was taken is unknown, so it is sent again.
      return false;
    }
  }
}

/** The id that an event has at Linchpin tells whose value it carries. */
export function parseMessageId(
  messageId: string,
): { readonly person: number; readonly value: number } | undefined {
  const found = /^i\.(\d+)\.(\d+)$/.exec(messageId);
  return found === null ? undefined : { person: Number(found[1]), value: Number(found[2]) };
}

function identifyOf(person: number, value: number): object {
  return {
    type: 'identify',
    messageId: `i.${String(person)}.${String(value)}`,
    userId: `user-${String(person)}`,
    traits: {
      email: `person.${String(person)}@example.com`,
      [PERSON]: person,
      [LAST]: value,
      [markOf(value)]: value,
    },
  };
}
