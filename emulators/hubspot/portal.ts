import { RollingWindow } from '../core/index.ts';
import { ContactStore } from './contact-store.ts';
import { limitsOf, SEARCHES_PER_SECOND } from './plans.ts';
import type { Plan } from './plans.ts';
import { PropertyStore } from './property-store.ts';
import { SearchIndex } from './search-index.ts';

const SECOND_MS = 1_000;

export interface DailyUsage {
  calls: number;
  /** The next midnight in the account's time zone. */
  resetsAt: number;
}

/** A HubSpot account with all it holds. */
export class Portal {
  readonly id: number;
  readonly hublet: string;
  readonly timeZone: string;
  readonly contacts = new ContactStore();
  readonly properties = new PropertyStore();
  readonly search = new SearchIndex();
  readonly searches = new RollingWindow(SECOND_MS);
  plan: Plan;
  hasAddOn: boolean;
  /** Limits that the tester set over those of the plan. */
  limitChanges: { burst?: number; daily?: number; searchesPerSecond?: number; isEnforced?: boolean } = {};
  usage: DailyUsage = { calls: 0, resetsAt: 0 };
  /** The usage report that `account-info` gives until it is five minutes old. */
  usageReport: { readonly at: number; readonly calls: number } | undefined;

  constructor(settings: {
    readonly id: number;
    readonly plan: Plan;
    readonly hasAddOn: boolean;
    readonly hublet: string;
    readonly timeZone: string;
  }) {
    this.id = settings.id;
    this.plan = settings.plan;
    this.hasAddOn = settings.hasAddOn;
    this.hublet = settings.hublet;
    this.timeZone = settings.timeZone;
  }

  get limits(): {
    readonly burst: number;
    readonly daily: number;
    readonly searchesPerSecond: number;
    readonly isEnforced: boolean;
  } {
    return {
      ...limitsOf(this.plan, this.hasAddOn),
      searchesPerSecond: SEARCHES_PER_SECOND,
      isEnforced: true,
      ...this.limitChanges,
    };
  }

  /** The host of the account's pages: `app.hubspot.com`, or `app-eu1.hubspot.com` outside the first hublet. */
  get uiDomain(): string {
    return this.hublet === 'na1' ? 'app.hubspot.com' : `app-${this.hublet}.hubspot.com`;
  }
}
