import { Refused } from '../../core/index.ts';
import { linkPlanned } from '../associations/plan-links.ts';
import { backgroundCall } from '../background-call.ts';
import type { Call } from '../guard.ts';
import { isFields } from '../input.ts';
import { toObjectCall } from '../objects/object-call.ts';
import type { ObjectCall } from '../objects/object-call.ts';
import type { ObjectRecord } from '../objects/object-record.ts';
import { COMPANIES, CONTACTS, resolveType } from '../objects/object-types.ts';
import { applyWrite, checkCreation, checkUpdate } from '../objects/write-record.ts';
import type { Portal } from '../portal.ts';
import type { HubspotState } from '../state.ts';
import type { ColumnMapping, ImportJob } from './import-job.ts';

// The plain associations that two objects of one row get (guide to associations, 2026-04).
const CONTACT_TO_COMPANY = { category: 'HUBSPOT_DEFINED', typeId: 279 } as const;

/** Begins an import whose turn it is, and lets the next one begin when it is over. */
export function startImport(state: HubspotState, portal: Portal, job: ImportJob): void {
  const now = state.clock.now();
  const { importMs } = state.switches;
  job.state = 'STARTED';
  job.updatedAt = now;
  state.later.at(now + importMs / 2, () => {
    if (job.state === 'STARTED') job.state = 'PROCESSING';
  });
  state.later.at(now + importMs, () => {
    if (job.state !== 'CANCELED') carryOut(state, portal, job);
    const next = portal.imports.nextDeferred();
    if (next !== undefined) startImport(state, portal, next);
  });
}

function carryOut(state: HubspotState, portal: Portal, job: ImportJob): void {
  const call = backgroundCall(state, portal, { changeSource: 'IMPORT', sourceId: job.id });
  for (const [fileAt, file] of job.request.files.entries()) {
    for (const [rowAt, row] of (job.rows[fileAt] ?? []).entries()) {
      count(job, 'TOTAL_ROWS');
      importRow(call, job, file.columns, row, {
        fileId: job.fileIds[fileAt] ?? 0,
        lineNumber: rowAt + (file.hasHeader ? 2 : 1),
      });
    }
  }
  job.state = 'DONE';
  job.updatedAt = call.now;
}

interface Place {
  readonly fileId: number;
  readonly lineNumber: number;
}

/** A row may hold a record of each type; those that are written are linked. */
function importRow(
  call: Call,
  job: ImportJob,
  columns: readonly ColumnMapping[],
  row: readonly string[],
  place: Place,
): void {
  const fail = (errorType: string, message: string, typeId: string): void => {
    count(job, 'ERRORS');
    const id = String(job.errors.length + 1);
    job.errors.push({ id, errorType, message, typeId, ...place, row, at: call.now });
  };
  if (row.length !== columns.length) {
    const message = `Expected ${columns.length} columns, found ${row.length}`;
    return fail('INCORRECT_NUMBER_OF_COLUMNS', message, columns[0]?.typeId ?? CONTACTS);
  }
  const written = new Map<string, ObjectRecord>();
  for (const typeId of new Set(columns.map((column) => column.typeId))) {
    const cells = columns.flatMap((column, at) =>
      column.typeId === typeId && (row[at] ?? '') !== '' ? [{ column, value: row[at] ?? '' }] : [],
    );
    if (cells.length === 0) continue;
    const objectCall = toObjectCall(call, resolveType(call.portal, typeId));
    try {
      const record = writeRow(objectCall, job, cells);
      if (record === undefined) fail('INVALID_OBJECT_ID', 'There is no record of this id', typeId);
      else written.set(typeId, record);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const { type, message } of faultsOf(error)) fail(type, message, typeId);
    }
  }
  const [contact, company] = [written.get(CONTACTS), written.get(COMPANIES)];
  if (contact !== undefined && company !== undefined) {
    linkPlanned(call, CONTACTS, contact.id, [
      { toTypeId: COMPANIES, toId: company.id, types: [CONTACT_TO_COMPANY] },
    ]);
  }
}

interface Cell {
  readonly column: ColumnMapping;
  readonly value: string;
}

function writeRow(call: ObjectCall, job: ImportJob, cells: readonly Cell[]): ObjectRecord | undefined {
  const values = Object.fromEntries(
    cells.flatMap(({ column: { propertyName, identifies }, value }) =>
      propertyName === undefined || identifies === 'id' ? [] : [[propertyName, value]],
    ),
  );
  const operation = job.request.operations.get(call.type.id) ?? 'UPSERT';
  const id = cells.find(({ column }) => column.identifies === 'id')?.value;
  const known = id === undefined ? findKnown(call, cells, values) : call.records.findMerged(id);
  if (id !== undefined && known === undefined) return undefined;
  if (known === undefined && operation === 'UPDATE') {
    throw refusal('UPDATE_ONLY_IMPORT', 'The record does not exist');
  }
  if (known !== undefined && operation === 'CREATE') throw refusal('CREATE_ONLY_IMPORT', 'The record exists');
  const record = applyWrite(
    call,
    known === undefined ? checkCreation(call, values) : checkUpdate(call, known, values),
  );
  count(job, known === undefined ? 'CREATED_OBJECTS' : 'UPDATED_OBJECTS');
  count(job, 'PROPERTY_VALUES_EMITTED', Object.keys(values).length);
  return record;
}

/** Documented: imports know contacts by their address and companies by their domain; others by a unique property. */
function findKnown(
  call: ObjectCall,
  cells: readonly Cell[],
  values: Readonly<Record<string, string>>,
): ObjectRecord | undefined {
  const unique = cells.find(({ column }) => column.identifies === 'unique');
  if (unique?.column.propertyName !== undefined) {
    return call.records.findByUnique(unique.column.propertyName, unique.value, call.switches);
  }
  if (call.type.id === CONTACTS && values['email'] !== undefined)
    return call.records.findByEmail(values['email']);
  const domain = call.type.id === COMPANIES ? values['domain']?.toLowerCase() : undefined;
  if (domain === undefined) return undefined;
  const same = [...call.records.all()].filter(
    (record) => record.archivedAt === undefined && record.values['domain'] === domain,
  );
  if (same.length > 1) {
    throw refusal(
      'MULTIPLE_COMPANIES_WITH_THIS_DOMAIN',
      `${same.length} companies have the domain ${domain}`,
    );
  }
  return same[0];
}

// The error types of the published specification, by the codes of the objects API.
const ERROR_TYPES: Readonly<Record<string, string>> = {
  INVALID_EMAIL: 'INVALID_EMAIL',
  INVALID_OPTION: 'INVALID_ENUMERATION_OPTION',
  INVALID_INTEGER: 'COULD_NOT_PARSE_NUMBER',
  INVALID_LONG: 'COULD_NOT_PARSE_NUMBER',
  INVALID_FLOAT: 'COULD_NOT_PARSE_NUMBER',
  INVALID_DATE: 'COULD_NOT_PARSE_DATE',
  GDPR_BLACKLISTED_EMAIL: 'GDPR_BLACKLISTED_EMAIL',
};

function faultsOf({ reply }: Refused): { readonly type: string; readonly message: string }[] {
  const body = isFields(reply.body) ? reply.body : {};
  const errors = Array.isArray(body['errors']) ? (body['errors'] as unknown[]).filter(isFields) : [];
  if (errors.length === 0) {
    return [
      {
        type: typeof body['subCategory'] === 'string' ? body['subCategory'] : 'FAILED_VALIDATION',
        message: String(body['message']),
      },
    ];
  }
  return errors.map((error) => ({
    type: ERROR_TYPES[String(error['code'])] ?? 'FAILED_VALIDATION',
    message: String(error['message']),
  }));
}

function refusal(errorType: string, message: string): Refused {
  return new Refused({ status: 400, body: { subCategory: errorType, message } });
}

function count(job: ImportJob, counter: string, by = 1): void {
  job.counters.set(counter, (job.counters.get(counter) ?? 0) + by);
}
