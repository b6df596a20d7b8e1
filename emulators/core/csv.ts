/** Rows of a CSV text (RFC 4180): quotes double, line ends of either kind. A last line without end counts. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A field in quotes, or plain text up to the next separator; then what ends it.
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/gy;
  // A byte-order mark is no part of the first name.
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  while (field.lastIndex < source.length) {
    const found = field.exec(source);
    if (found === null) throw new RangeError(`line ${rows.length + 1} is not CSV`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',') {
      if (field.lastIndex === source.length) row.push('');
      continue;
    }
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
