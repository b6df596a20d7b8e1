import type { Fields } from '../input.ts';

export type ImportOperation = 'CREATE' | 'UPDATE' | 'UPSERT';

/** Where the values of one column go. */
export interface ColumnMapping {
  readonly typeId: string;
  readonly columnName: string;
  readonly propertyName: string | undefined;
  /** The column is the record's id, or its value of a unique property, rather than one value of many. */
  readonly identifies: 'id' | 'unique' | undefined;
}

export interface ImportFile {
  readonly fileName: string;
  readonly hasHeader: boolean;
  readonly columns: readonly ColumnMapping[];
}

export interface ImportRequest {
  readonly name: string;
  readonly operations: ReadonlyMap<string, ImportOperation>;
  readonly files: readonly ImportFile[];
  readonly source: Fields;
}

export type ImportState = 'STARTED' | 'PROCESSING' | 'DONE' | 'FAILED' | 'CANCELED' | 'DEFERRED' | 'REVERTED';

export interface ImportError {
  readonly id: string;
  readonly errorType: string;
  readonly message: string;
  readonly typeId: string;
  readonly fileId: number;
  readonly lineNumber: number;
  readonly row: readonly string[];
  readonly at: number;
}

/** One import: its rows wait until its time has come. */
export interface ImportJob {
  readonly id: string;
  readonly request: ImportRequest;
  readonly createdAt: number;
  readonly fileIds: readonly number[];
  /** By file, without header lines. */
  readonly rows: readonly (readonly string[])[][];
  state: ImportState;
  updatedAt: number;
  readonly counters: Map<string, number>;
  readonly errors: ImportError[];
}

// Documented: three at a time, the others are deferred; so many rows a day.
export const RUNNING_MAX = 3;
export const ROWS_PER_DAY = 80_000_000;
export const ROWS_PER_FILE = 1_048_576;
const FIRST_ID = 40_000_001;
const DAY_MS = 86_400_000;

/** The imports of a portal. */
export class ImportStore {
  readonly #jobs = new Map<string, ImportJob>();
  #nextId = FIRST_ID;
  #nextFileId = FIRST_ID;
  #day = { at: 0, rows: 0 };

  add(request: ImportRequest, rows: readonly (readonly string[])[][], now: number): ImportJob {
    const job: ImportJob = {
      id: String(this.#nextId++),
      request,
      createdAt: now,
      fileIds: rows.map(() => this.#nextFileId++),
      rows,
      state: this.runningCount >= RUNNING_MAX ? 'DEFERRED' : 'STARTED',
      updatedAt: now,
      counters: new Map(),
      errors: [],
    };
    this.#jobs.set(job.id, job);
    return job;
  }

  /** Counts rows against those of the day (UTC); false when they exceed them. */
  admitRows(count: number, now: number): boolean {
    const at = Math.floor(now / DAY_MS);
    if (this.#day.at !== at) this.#day = { at, rows: 0 };
    if (this.#day.rows + count > ROWS_PER_DAY) return false;
    this.#day.rows += count;
    return true;
  }

  find(id: string): ImportJob | undefined {
    return this.#jobs.get(id);
  }

  all(): ImportJob[] {
    return [...this.#jobs.values()];
  }

  nextDeferred(): ImportJob | undefined {
    return this.all().find(({ state }) => state === 'DEFERRED');
  }

  get runningCount(): number {
    return this.all().filter(({ state }) => state === 'STARTED' || state === 'PROCESSING').length;
  }
}

export function showImport(job: ImportJob): Record<string, unknown> {
  const typeIds = job.request.files.flatMap(({ columns }) => columns.map(({ typeId }) => typeId));
  return {
    id: job.id,
    state: job.state,
    importName: job.request.name,
    importSource: 'API',
    importRequestJson: job.request.source,
    optOutImport: false,
    mappedObjectTypeIds: [...new Set(typeIds)],
    metadata: {
      counters: Object.fromEntries(job.counters),
      fileIds: job.fileIds.map(String),
      objectLists: [],
    },
    createdAt: new Date(job.createdAt).toISOString(),
    updatedAt: new Date(job.updatedAt).toISOString(),
  };
}

export function showImportError(error: ImportError): Record<string, unknown> {
  return {
    id: error.id,
    createdAt: error.at,
    errorType: error.errorType,
    errorMessage: error.message,
    objectTypeId: error.typeId,
    sourceData: {
      fileId: error.fileId,
      lineNumber: error.lineNumber,
      rowData: error.row,
      containsEncryptedProperties: false,
    },
  };
}
