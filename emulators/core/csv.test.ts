import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsv, toCsv } from './csv.ts';
import { parseMultipart } from './multipart.ts';

test('what is written as CSV is read as it was', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      (rows) => {
        // A mark at the very beginning is taken for the file's own.
        fc.pre(rows[0]?.[0]?.startsWith('\uFEFF') !== true);
        expect(parseCsv(toCsv(rows))).toEqual(rows);
      },
    ),
  );
});

test('CSV of spreadsheets is read, whatever ends its lines', () => {
  expect(parseCsv('\uFEFFa,b\r\n1,"x, ""y""\nz"\n2,')).toEqual([
    ['a', 'b'],
    ['1', 'x, "y"\nz'],
    ['2', ''],
  ]);
});

test('a multipart body is read as a browser writes it, binary and all', async () => {
  const form = new FormData();
  form.set('importRequest', '{"name":"ü"}');
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  form.set('files', new File([bytes], 'ü.csv'));
  const sent = new Response(form);
  const body = Buffer.from(await sent.arrayBuffer());
  const parts = parseMultipart(sent.headers.get('content-type') ?? '', body);
  expect(parts?.map(({ name, fileName }) => [name, fileName])).toEqual([
    ['importRequest', undefined],
    ['files', 'ü.csv'],
  ]);
  expect(parts?.[0]?.body.toString('utf8')).toBe('{"name":"ü"}');
  expect(parts?.[1]?.body).toEqual(Buffer.from(bytes));
  expect(parseMultipart('application/json', body)).toBeUndefined();
});
