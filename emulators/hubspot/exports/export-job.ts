export type ExportStatus = 'PENDING' | 'PROCESSING' | 'CANCELED' | 'COMPLETE';

/** What an export asks for, checked. */
export interface ExportRequest {
  readonly exportType: 'VIEW' | 'LIST';
  readonly exportName: string;
  readonly typeId: string;
  readonly properties: readonly string[];
  /** Internal names in the header, internal values of options in the cells. */
  readonly hasInternalNames: boolean;
  readonly hasInternalValues: boolean;
  readonly associatedTypeIds: readonly string[];
  readonly hasAllAssociations: boolean;
  readonly listId: string | undefined;
  readonly search: Readonly<Record<string, unknown>>;
}

export interface ExportJob {
  readonly id: string;
  readonly request: ExportRequest;
  readonly requestedAt: number;
  startedAt: number | undefined;
  completedAt: number | undefined;
  status: ExportStatus;
  csv: string | undefined;
  recordCount: number;
}

// Documented: thirty within 24 hours, one at a time.
const PER_DAY = 30;
const DAY_MS = 86_400_000;
const FIRST_ID = 60_000_001;

export class ExportStore {
  readonly #jobs = new Map<string, ExportJob>();
  readonly #tickets = new Map<string, { readonly job: ExportJob; readonly expiresAt: number }>();
  #nextId = FIRST_ID;

  hasRoom(now: number): boolean {
    return [...this.#jobs.values()].filter(({ requestedAt }) => requestedAt > now - DAY_MS).length < PER_DAY;
  }

  add(request: ExportRequest, now: number): ExportJob {
    const job: ExportJob = {
      id: String(this.#nextId++),
      request,
      requestedAt: now,
      startedAt: undefined,
      completedAt: undefined,
      status: 'PENDING',
      csv: undefined,
      recordCount: 0,
    };
    this.#jobs.set(job.id, job);
    return job;
  }

  find(id: string): ExportJob | undefined {
    return this.#jobs.get(id);
  }

  get isBusy(): boolean {
    return [...this.#jobs.values()].some(({ status }) => status === 'PROCESSING');
  }

  next(): ExportJob | undefined {
    return [...this.#jobs.values()].find(({ status }) => status === 'PENDING');
  }

  issueTicket(job: ExportJob, expiresAt: number): string {
    const token = `${job.id}-${this.#tickets.size + 1}`;
    this.#tickets.set(token, { job, expiresAt });
    return token;
  }

  redeem(token: string, now: number): ExportJob | undefined {
    const ticket = this.#tickets.get(token);
    return ticket !== undefined && ticket.expiresAt > now ? ticket.job : undefined;
  }
}
