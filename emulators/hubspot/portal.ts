import { RollingWindow } from '../core/index.ts';
import { Associations } from './associations/associations.ts';
import { edgeLimitsOf } from './edge-limits.ts';
import type { EdgeLimits } from './edge-limits.ts';
import { EventStore } from './events/event-store.ts';
import { ExportStore } from './exports/export-job.ts';
import { FormStore } from './forms/form.ts';
import { ImportStore } from './imports/import-job.ts';
import { Lists } from './lists/lists.ts';
import { ChangeFeed } from './objects/change-feed.ts';
import { COMPANIES, CONTACTS, TypeRegistry } from './objects/object-types.ts';
import { RecordStore } from './objects/record-store.ts';
import { RequiredFields } from './objects/required-fields.ts';
import { SearchIndex } from './objects/search-index.ts';
import { Owners } from './owners/owners.ts';
import { Pipelines } from './pipelines/pipelines.ts';
import { limitsOf, SEARCHES_PER_SECOND } from './plans.ts';
import type { Plan, PlanLimits } from './plans.ts';
import { PropertyStore } from './properties/property-store.ts';
import { Schemas } from './schemas/schemas.ts';

const SECOND_MS = 1_000;

/** What clients look contacts and companies up by. */
const ALWAYS_INDEXED: Readonly<Record<string, readonly string[]>> = {
  [CONTACTS]: ['email'],
  [COMPANIES]: ['domain'],
};

export interface DailyUsage {
  calls: number;
  associationCalls: number;
  /** The next midnight in the account's time zone. */
  resetsAt: number;
}

export interface PortalLimits extends PlanLimits, EdgeLimits {
  readonly searchesPerSecond: number;
  readonly isEnforced: boolean;
}

/** A HubSpot account with all it holds. */
export class Portal {
  readonly id: number;
  readonly hublet: string;
  readonly timeZone: string;
  readonly types = new TypeRegistry();
  readonly changes = new ChangeFeed();
  readonly requiredFields = new RequiredFields();
  readonly searches = new RollingWindow(SECOND_MS);
  readonly associations = new Associations(this.changes);
  readonly pipelines = new Pipelines();
  readonly owners = new Owners();
  readonly schemas = new Schemas();
  readonly lists = new Lists();
  readonly events = new EventStore();
  readonly forms = new FormStore();
  readonly imports = new ImportStore();
  readonly exports = new ExportStore();
  /** Contacts by the cookie of the browser that a form or an event has seen them in. */
  readonly visitors = new Map<string, string>();
  readonly #records = new Map<string, RecordStore>();
  readonly #properties = new Map<string, PropertyStore>();
  readonly #search = new Map<string, SearchIndex>();
  plan: Plan;
  hasAddOn: boolean;
  /** Limits that the tester set over those of the plan. */
  limitChanges: Partial<PortalLimits> = {};
  usage: DailyUsage = { calls: 0, associationCalls: 0, resetsAt: 0 };
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

  /** The records of a type that `types` knows. */
  records(typeId: string): RecordStore {
    const type = this.types.find(typeId);
    if (type === undefined) throw new RangeError(`portal ${this.id} has no object type ${typeId}`);
    return getOrMake(this.#records, type.id, () => new RecordStore(type, this.properties(type.id)));
  }

  /** The property definitions of a type; a custom object begins with those that every record has. */
  properties(typeId: string): PropertyStore {
    return getOrMake(this.#properties, typeId, () => new PropertyStore(typeId));
  }

  /** What search sees of a type. */
  search(typeId: string): SearchIndex {
    return getOrMake(
      this.#search,
      typeId,
      () => new SearchIndex(this.properties(typeId), ALWAYS_INDEXED[typeId] ?? []),
    );
  }

  /** A custom object that is deleted takes its definitions along. */
  forgetType(typeId: string): void {
    this.types.remove(typeId);
    for (const parts of [this.#records, this.#properties, this.#search]) parts.delete(typeId);
  }

  get limits(): PortalLimits {
    return {
      ...limitsOf(this.plan, this.hasAddOn),
      ...edgeLimitsOf(this.plan, this.hasAddOn),
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

function getOrMake<Part>(parts: Map<string, Part>, key: string, make: () => Part): Part {
  const known = parts.get(key);
  if (known !== undefined) return known;
  const made = make();
  parts.set(key, made);
  return made;
}
