import { createHash } from 'node:crypto';
import { Refused, RollingWindow } from '../core/index.ts';
import type { EmulatorContext } from '../core/index.ts';
import type {
  Bill,
  Checkout,
  Contract,
  Entitlement,
  Product,
  Profile,
  PurchaseOption,
  Transaction,
  Vendor,
} from './shapes.ts';
import { problem } from './problem.ts';

export interface ApiClient {
  readonly id: string;
  readonly secret: string;
  readonly vendorId: string;
}

/** What an access token stands for. Tokens with a user are those of readers, the others a publisher's. */
export interface Grant {
  readonly vendorId: string;
  readonly userId: string | null;
  readonly expiresAtMs: number;
}

export interface WebhookTarget {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `webhooks` sends the six events of the vendor's forwarding, `all` the eight of its integrations. */
  readonly events: 'webhooks' | 'all';
}

export interface RawEvent {
  readonly eventType: string;
  readonly vendorId: string;
  readonly userId: string;
  readonly contractId?: string | undefined;
  readonly entitlementId?: string | undefined;
  readonly checkoutId?: string | undefined;
  readonly occured_at: string;
}

/** The two entitlement events are not forwarded: developers.sesamy.com/guides/webhooks.html, read 2026-11. */
const NOT_FORWARDED = new Set(['entitlement.1#new', 'entitlement.1#update']);

/** Everything one publisher has at Sesamy. */
export class SesamyState {
  readonly context: EmulatorContext;
  vendorId = 'vendor_123';
  readonly vendors = new Map<string, Vendor>([
    ['vendor_123', { id: 'vendor_123', name: 'The Daily Emulator' }],
  ]);
  readonly clients = new Map<string, ApiClient>([
    ['id', { id: 'id', secret: 'secret', vendorId: 'vendor_123' }],
  ]);
  readonly tokens = new Map<string, Grant>();
  readonly users = new Map<string, Profile>();
  readonly contracts = new Map<string, Contract>();
  readonly entitlements = new Map<string, Entitlement>();
  readonly products = new Map<string, Product>();
  readonly options = new Map<string, readonly PurchaseOption[]>();
  readonly bills = new Map<string, Bill>();
  readonly transactions = new Map<string, Transaction>();
  readonly checkouts = new Map<string, Checkout>();
  readonly webhookTargets: WebhookTarget[] = [];
  /** Every event raised, forwarded or not. */
  readonly events: RawEvent[] = [];
  /** `bare` as the SDK's types have it, `wrapped` as the API's overview says. */
  envelope: 'bare' | 'wrapped' = 'bare';
  callsPerSecond: number | null = null;
  readonly #calls = new RollingWindow(1000);
  #made = 0;
  readonly #tenants = new Map<string, SesamyState>();

  constructor(context: EmulatorContext) {
    this.context = context;
  }

  /** What a token of this vendor sees: another publisher's data, which starts empty. */
  ofVendor(vendorId: string): SesamyState {
    if (vendorId === this.vendorId) return this;
    const tenant = this.#tenants.get(vendorId) ?? new SesamyState(this.context);
    this.#tenants.set(vendorId, tenant);
    tenant.vendorId = vendorId;
    tenant.envelope = this.envelope;
    return tenant;
  }

  now(): string {
    return new Date(this.context.clock.now()).toISOString();
  }

  /** An id of the vendor's look (32 hex digits), the same in every run. */
  makeId(kind: string): string {
    this.#made += 1;
    return createHash('md5')
      .update(`${kind} ${String(this.#made)}`)
      .digest('hex');
  }

  user(id: string): Profile {
    return this.#get(this.users, 'user', id);
  }

  contract(id: string): Contract {
    return this.#get(this.contracts, 'contract', id);
  }

  entitlement(id: string): Entitlement {
    return this.#get(this.entitlements, 'entitlement', id);
  }

  product(sku: string): Product {
    return this.#get(this.products, 'product', sku);
  }

  checkout(id: string): Checkout {
    return this.#get(this.checkouts, 'checkout', id);
  }

  /** Writes an event down and sends it to whoever asked for its kind. */
  raise(event: Omit<RawEvent, 'vendorId' | 'occured_at'> & Partial<RawEvent>): void {
    const raised: RawEvent = { vendorId: this.vendorId, occured_at: this.now(), ...event };
    this.events.push(raised);
    for (const { url, headers, events } of this.webhookTargets) {
      if (events === 'webhooks' && NOT_FORWARDED.has(raised.eventType)) continue;
      this.context.webhooks.deliver({
        url,
        body: JSON.stringify(raised),
        ...(headers === undefined ? {} : { headers }),
      });
    }
  }

  /** Refuses a call beyond the limit, if one is set; the vendor documents none. */
  countCall(): void {
    if (this.callsPerSecond === null) return;
    const now = this.context.clock.now();
    if (this.#calls.count(now) >= this.callsPerSecond) {
      throw new Refused(
        problem(429, 'rate_limited', 'Too many requests', { headers: { 'retry-after': '1' } }),
      );
    }
    this.#calls.add(now);
  }

  #get<Kept>(kept: ReadonlyMap<string, Kept>, what: string, id: string): Kept {
    const found = kept.get(id);
    if (found === undefined) throw new Refused(problem(404, 'not_found', `No such ${what}`));
    return found;
  }
}
