import type { EmulatorRequest } from '../../core/index.ts';
import { invalid } from '../errors.ts';
import { isFields, readFlag, readList, readText } from '../input.ts';
import type { Fields } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import type { Portal } from '../portal.ts';
import type { ColumnMapping, ImportFile, ImportOperation, ImportRequest } from './import-job.ts';

const OPERATIONS: readonly ImportOperation[] = ['CREATE', 'UPDATE', 'UPSERT'];

/** The `importRequest` part. Fields after the published specification (2026-08); the wordings are ours. */
export function parseImportRequest(request: EmulatorRequest, source: Fields, portal: Portal): ImportRequest {
  const files = (readList(request, source, 'files') ?? []).map((given) => parseFile(request, given, portal));
  if (files.length === 0) throw invalid('Some required fields were not set: [files]');
  const given = source['importOperations'];
  const operations = Object.entries(isFields(given) ? given : {}).map(([type, text]) => {
    const operation = OPERATIONS.find((known) => known === text);
    if (operation === undefined) throw invalid(`Unknown import operation: ${String(text)}`);
    return [resolveType(portal, type).id, operation] as const;
  });
  return {
    name: readText(request, source, 'name') ?? '',
    operations: new Map(operations),
    files,
    source,
  };
}

function parseFile(request: EmulatorRequest, given: unknown, portal: Portal): ImportFile {
  const fields = isFields(given) ? given : {};
  const fileName = readText(request, fields, 'fileName') ?? '';
  if (fileName === '') throw invalid('Some required fields were not set: [fileName]');
  const format = readText(request, fields, 'fileFormat') ?? 'CSV';
  if (format !== 'CSV' && format !== 'SPREADSHEET') throw invalid(`Unknown file format: ${format}`);
  if (format === 'SPREADSHEET') throw invalid('The emulator imports CSV files only.');
  const page = isFields(fields['fileImportPage']) ? fields['fileImportPage'] : {};
  const columns = (readList(request, page, 'columnMappings') ?? []).map((column) =>
    parseColumn(request, isFields(column) ? column : {}, portal),
  );
  if (columns.length === 0) throw invalid('Some required fields were not set: [columnMappings]');
  return { fileName, hasHeader: readFlag(request, page, 'hasHeader') ?? true, columns };
}

function parseColumn(request: EmulatorRequest, fields: Fields, portal: Portal): ColumnMapping {
  const columnType = readText(request, fields, 'columnType') ?? readText(request, fields, 'idColumnType');
  const propertyName = readText(request, fields, 'propertyName');
  const { id: typeId } = resolveType(portal, readText(request, fields, 'columnObjectTypeId') ?? 'contact');
  if (propertyName !== undefined && portal.properties(typeId).find(propertyName) === undefined) {
    throw invalid(`Property ${propertyName} does not exist for object type ${typeId}`);
  }
  return {
    typeId,
    columnName: readText(request, fields, 'columnName') ?? '',
    propertyName,
    identifies:
      columnType === 'HUBSPOT_OBJECT_ID'
        ? 'id'
        : columnType === 'HUBSPOT_ALTERNATE_ID'
          ? 'unique'
          : undefined,
  };
}
