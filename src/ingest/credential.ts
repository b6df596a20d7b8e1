import { isJsonObject } from '../kernel/json.ts';

/** The user of `Authorization: Basic`; the colon may be missing, as some clients leave it out. */
export function basicUser(authorization: string | undefined): string | undefined {
  const encoded = /^basic\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const user = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0];
  return present(user);
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return present(/^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1]);
}

/**
 * The write key of a Segment call: Basic user, then `writeKey` of the body, then of the first item, then the
 * header `X-Write-Key`. A Bearer token (Segment's OAuth) identifies no source, so the body names it then too.
 */
export function findWriteKey(
  authorization: string | undefined,
  writeKeyHeader: string | undefined,
  body: unknown,
): string | undefined {
  return (
    basicUser(authorization) ?? writeKeyOf(body) ?? writeKeyOf(firstItem(body)) ?? present(writeKeyHeader)
  );
}

function writeKeyOf(value: unknown): string | undefined {
  const key = isJsonObject(value) ? value['writeKey'] : undefined;
  return typeof key === 'string' ? present(key) : undefined;
}

function firstItem(body: unknown): unknown {
  const batch = isJsonObject(body) ? body['batch'] : undefined;
  return Array.isArray(batch) ? (batch as unknown[])[0] : undefined;
}

function present(credential: string | undefined): string | undefined {
  const trimmed = credential?.trim();
  return trimmed === '' ? undefined : trimmed;
}
