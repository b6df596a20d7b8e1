/** A read-only page for humans: what the emulator holds and which calls it has met. Plain HTML, no script. */
import type { EmulatorAdmin } from './admin.ts';
import { escapeHtml, htmlPage } from './html-page.ts';
import type { JournalEntry } from './journal.ts';
import type { Reply } from './reply.ts';
import type { z } from 'zod';

/** Text, or text that leads to another view of the page. */
type PageCell = string | { readonly text: string; readonly query: Readonly<Record<string, string>> };

export interface PageTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly PageCell[])[];
  /** What to say where there are no rows, or beside them. */
  readonly note?: string;
}

export const PAGE_PATH = '/_emulator/page';

// What fits a screen or two; the admin surface has them all.
const REQUESTS_SHOWN = 50;

export function showPage<Seed extends z.ZodType, Limits extends z.ZodType>(
  title: string,
  admin: EmulatorAdmin<Seed, Limits>,
  tables: (query: URLSearchParams) => readonly PageTable[],
  query: URLSearchParams,
): Reply {
  const nav = `<nav><a href="${PAGE_PATH}">Overview</a><a href="${PAGE_PATH}?requests">Requests</a><span class="quiet">${escapeHtml(admin.clock().now)}, ${admin.clock().mode}</span></nav>`;
  const id = query.get('request');
  if (id !== null) return htmlPage(200, `${title} emulator`, [nav, ...oneRequest(admin.requests(), id)]);
  const requests = requestsTable(admin.requests({ limit: REQUESTS_SHOWN }), admin.countRequests());
  const shown = query.has('requests') ? [requests] : [...tables(query), requests];
  return htmlPage(200, `${title} emulator`, [nav, ...shown.map(toHtml)]);
}

function requestsTable(entries: readonly JournalEntry[], count: number): PageTable {
  return {
    title: 'Requests',
    columns: ['Id', 'Time', 'Call', 'Status', 'Fault'],
    rows: entries
      .toReversed()
      .map((entry) => [
        { text: String(entry.id), query: { request: String(entry.id) } },
        entry.at,
        `${entry.method} ${entry.path}`,
        entry.status === undefined ? 'cut' : String(entry.status),
        entry.fault ?? '',
      ]),
    note: count === 0 ? 'No calls yet.' : `The newest ${entries.length} of ${count}.`,
  };
}

function oneRequest(entries: readonly JournalEntry[], id: string): string[] {
  const entry = entries.find((one) => String(one.id) === id);
  if (entry === undefined) return ['<p>There is no such request any longer.</p>'];
  const query = new URLSearchParams(entry.query).toString();
  return [
    `<h2>${escapeHtml(`${entry.method} ${entry.path}${query === '' ? '' : `?${query}`}`)}</h2>`,
    `<p>${escapeHtml(`${entry.at}, answered with ${entry.status ?? 'a cut connection'}`)}</p>`,
    ...block('Headers', entry.headers),
    ...block('Body', entry.isBodyDropped === true ? 'no longer kept' : entry.body),
    ...block('Answer', entry.answer),
  ];
}

function block(title: string, value: unknown): string[] {
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return [`<h2>${title}</h2>`, `<pre>${escapeHtml(text)}</pre>`];
}

function toHtml({ title, columns, rows, note }: PageTable): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`)
    .join('\n');
  const table =
    rows.length === 0 ? '' : `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
  const remark = note === undefined ? '' : `<p class="quiet">${escapeHtml(note)}</p>`;
  return `<section><h2>${escapeHtml(title)}</h2>${table}${remark}</section>`;
}

function cellHtml(cell: PageCell): string {
  if (typeof cell === 'string') return escapeHtml(cell);
  const target = `${PAGE_PATH}?${new URLSearchParams(cell.query).toString()}`;
  return `<a href="${escapeHtml(target)}">${escapeHtml(cell.text)}</a>`;
}
