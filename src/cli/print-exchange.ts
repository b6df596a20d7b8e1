/** Prints what was sent to a vendor and what came back, a screenful of each body around what was asked for. */
import { findMark } from '../kernel/find-mark.ts';
import type { Exchange } from '../outbound/index.ts';
import type { Output } from './output.ts';

/** `marks` tell the input in question from the others of its batch. */
export function printExchange(
  output: Output,
  exchange: Exchange,
  marks: readonly string[],
  isFull: boolean,
): void {
  const { method, url, error, status, durationMs, requestBody, responseBody } = exchange;
  const show = (body: string): string => (isFull ? body : excerpt(body, marks));
  output.line(`    ${method} ${url} → ${error ?? String(status)} in ${String(durationMs)} ms`);
  if (requestBody !== '') output.line(indent(`sent ${show(requestBody)}`, 6));
  if (responseBody !== undefined && responseBody !== '') output.line(indent(`got  ${show(responseBody)}`, 6));
}

// A screenful: a batch of a hundred is fifty times as much, and one input of it is what was asked for.
const EXCERPT_CHARACTERS = 600;

/** The stretch of a body around the first mark in it. */
function excerpt(body: string, marks: readonly string[]): string {
  if (body.length <= EXCERPT_CHARACTERS) return body;
  const found = Math.max(0, findMark(body, marks));
  const from = Math.max(0, Math.min(found - EXCERPT_CHARACTERS / 2, body.length - EXCERPT_CHARACTERS));
  const cut = body.slice(from, from + EXCERPT_CHARACTERS);
  return `${from === 0 ? '' : '…'}${cut}… (${String(body.length)} characters; --full shows them)`;
}

export function indent(text: string, spaces: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(spaces));
}
