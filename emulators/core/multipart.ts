/** One part of a `multipart/form-data` body. */
export interface Part {
  readonly name: string;
  /** Absent for a plain field. */
  readonly fileName: string | undefined;
  readonly body: Buffer;
}

/** The parts of a body (RFC 7578), or undefined when it is not one. */
export function parseMultipart(contentType: string, body: Buffer): Part[] | undefined {
  const boundary = /^multipart\/form-data\s*;.*?boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  // Latin-1 keeps one character per byte, so that offsets in the text are those in the bytes.
  const text = body.toString('latin1');
  const parts: Part[] = [];
  const pieces = text.split(`--${boundary}`);
  if (pieces.length < 2 || !pieces.at(-1)?.startsWith('--')) return undefined;
  for (const piece of pieces.slice(1, -1)) {
    const headEnd = piece.indexOf('\r\n\r\n');
    const disposition = /content-disposition:\s*form-data;([^\r\n]*)/i.exec(piece.slice(0, headEnd))?.[1];
    const name = /(?:^|[;\s])name="([^"]*)"/i.exec(disposition ?? '')?.[1];
    if (headEnd === -1 || name === undefined) return undefined;
    const fileName = /filename="([^"]*)"/i.exec(disposition ?? '')?.[1];
    parts.push({
      name,
      fileName: fileName === undefined ? undefined : Buffer.from(fileName, 'latin1').toString('utf8'),
      body: Buffer.from(piece.slice(headEnd + 4, -2), 'latin1'),
    });
  }
  return parts;
}
