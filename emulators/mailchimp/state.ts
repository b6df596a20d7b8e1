import { Refused } from '../core/index.ts';
import type { EmulatorContext } from '../core/index.ts';
import { Audience } from './audience.ts';
import type { BatchJob } from './batch-job.ts';
import { notFound } from './problem.ts';

/** Behaviour that the vendor does not document; each default is the best inference (2026-11). */
export interface Switches {
  /** Whether a row of `POST /lists/{id}` may lack `status`; such a row updates a contact and makes none. */
  batchStatus: 'optional' | 'required';
  /** What the answer of that call says of each contact: the whole, or all but its tags. */
  batchAnswer: 'whole' | 'without_tags';
  /** Whether addresses at `example.com` and its like are refused as fake; they are at Mailchimp. */
  areExamplesFake: boolean;
}

export interface Limits {
  /** "10 simultaneous connections": https://mailchimp.com/developer/marketing/docs/fundamentals/#api-limits. */
  connections: number;
  /** How long each call takes, on the emulator's clock: without it no two calls are ever open at once. */
  latencyMs: number;
  /** 30 in an audience, 80 with Premium, EMAIL among them: https://mailchimp.com/help/merge-field-limits/. */
  mergeFields: number;
}

/** The key and the audience that a fresh emulator has. */
export const DEFAULT_KEY = 'emulator-us6';
export const DEFAULT_LIST = 'a1b2c3d4e5';

/** One Mailchimp account. */
export class MailchimpState {
  readonly context: EmulatorContext;
  dataCenter = 'us6';
  /** API keys and access tokens alike: both are one user's. */
  readonly keys = new Set([DEFAULT_KEY]);
  readonly audiences = new Map<string, Audience>();
  readonly batches = new Map<string, BatchJob>();
  limits: Limits = { connections: 10, latencyMs: 0, mergeFields: 30 };
  switches: Switches = { batchStatus: 'optional', batchAnswer: 'whole', areExamplesFake: true };
  /** Further domains that Mailchimp takes for fake. */
  fakeDomains: readonly string[] = ['test.com', 'mailinator.com'];
  openConnections = 0;
  connectionsMost = 0;
  #made = 0;

  constructor(context: EmulatorContext) {
    this.context = context;
    this.addAudience(DEFAULT_LIST, 'Readers');
  }

  now(): string {
    // The API shows whole seconds with an offset.
    return new Date(this.context.clock.now()).toISOString().replace(/\.\d+Z$/, '+00:00');
  }

  nextNumber(): number {
    this.#made += 1;
    return this.#made;
  }

  addAudience(id: string, name: string): Audience {
    const audience =
      this.audiences.get(id) ?? new Audience(id, name, 100_000 + this.nextNumber(), this.now());
    audience.name = name;
    this.audiences.set(id, audience);
    return audience;
  }

  audience(id: string): Audience {
    const found = this.audiences.get(id);
    if (found === undefined) throw new Refused(notFound());
    return found;
  }

  isFakeDomain(email: string): boolean {
    const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
    // Reserved by RFC 2606: nobody has an address there.
    const isReserved = /(^|\.)(example\.(com|net|org)|example|test|invalid|localhost)$/.test(domain);
    return (this.switches.areExamplesFake && isReserved) || this.fakeDomains.includes(domain);
  }
}
