/** Statements on sources that ingest needs; what linchpin.yaml declares is written elsewhere. */
import type { Db } from '../db.ts';

export interface SourceRow {
  readonly workspaceId: number;
  readonly name: string;
  readonly type: string;
}

// Served by the unique index on credential_hash, across workspaces: a request does not say which one it means.
const FIND_BY_CREDENTIAL = `
  select workspace_id as "workspaceId", name, type from sources where credential_hash = $1`;

/** The source whose write key or bearer token has this SHA-256. */
export async function findSourceByCredential(db: Db, credentialHash: Buffer): Promise<SourceRow | undefined> {
  const { rows } = await db.query<SourceRow>({
    name: 'find_source_by_credential',
    text: FIND_BY_CREDENTIAL,
    values: [credentialHash],
  });
  return rows[0];
}
