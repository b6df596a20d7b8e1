/** Statements on what linchpin.yaml declares: sources, connections, flows. */
import type { Fault } from '../../kernel/outcome.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import type { Db } from '../db.ts';
import { forgetLimits, forgetLimitsOfOtherSecrets } from './limits.ts';

export interface DeclaredSource {
  readonly name: string;
  readonly type: string;
  readonly settings: JsonObject;
  /** A sealed JSON object. */
  readonly secrets: string;
  /** SHA-256 of the write key or token. */
  readonly credentialHash: Buffer;
}

export interface DeclaredConnection {
  readonly name: string;
  readonly connector: string;
  readonly settings: JsonObject;
  readonly secrets: string;
  readonly secretsFingerprint: string;
  /** How it is read (src/flows/workspace.ts). */
  readonly delivery: object;
}

export interface StoredConnection extends DeclaredConnection {
  readonly suspendedAt: Date | null;
  readonly suspendedFault: Fault | null;
  /** Null while nobody has logged in. */
  readonly loginId: string | null;
}

export interface DeclaredFlow {
  readonly name: string;
  /** Null for a flow with an action and a mapping of its own. */
  readonly preset: string | null;
  readonly action: string | null;
  readonly condition: JsonValue | null;
  readonly mapping: JsonValue | null;
  readonly source: string;
  readonly connection: string;
  readonly options: JsonObject;
  /** Categories that a person must have consented to. */
  readonly consent: readonly string[];
}

export interface Declared {
  readonly sources: readonly DeclaredSource[];
  readonly connections: readonly StoredConnection[];
  readonly flows: readonly DeclaredFlow[];
}

/** Everything that is declared in a workspace, by name. */
export async function listDeclared(db: Db, workspaceId: number): Promise<Declared> {
  const sources = await db.query<DeclaredSource>(
    `select name, type, settings, secrets, credential_hash as "credentialHash" from sources where workspace_id = $1 order by name`,
    [workspaceId],
  );
  const connections = await db.query<StoredConnection>(
    `select name, connector, settings, secrets, secrets_fingerprint as "secretsFingerprint", delivery, suspended_at as "suspendedAt",
       suspended_fault as "suspendedFault", login_id as "loginId"
     from connections c left join logins l on l.workspace_id = c.workspace_id and l.connection = c.name
     where c.workspace_id = $1 order by name`,
    [workspaceId],
  );
  const flows = await db.query<DeclaredFlow>(
    `select name, preset, action, condition, mapping, source, connection, options, consent from flows where workspace_id = $1 order by name`,
    [workspaceId],
  );
  return { sources: sources.rows, connections: connections.rows, flows: flows.rows };
}

// A value that no credential hashes to in practice, and that no two rows share.
const RELEASE_CREDENTIALS = `
  update sources set credential_hash = sha256(convert_to(gen_random_uuid()::text, 'UTF8'))
  where workspace_id = $1 and name = any($2)`;

/** Frees the credentials of sources that are about to be written, so that they may change hands. */
export async function releaseCredentials(
  db: Db,
  workspaceId: number,
  names: readonly string[],
): Promise<void> {
  await db.query(RELEASE_CREDENTIALS, [workspaceId, names]);
}

export async function upsertSource(db: Db, workspaceId: number, source: DeclaredSource): Promise<void> {
  await db.query(
    `insert into sources (workspace_id, name, type, settings, secrets, credential_hash) values ($1, $2, $3, $4, $5, $6)
     on conflict (workspace_id, name) do update set type = excluded.type, settings = excluded.settings,
       secrets = excluded.secrets, credential_hash = excluded.credential_hash, updated_at = now()`,
    [
      workspaceId,
      source.name,
      source.type,
      JSON.stringify(source.settings),
      source.secrets,
      source.credentialHash,
    ],
  );
}

/** A connection that was changed is no longer suspended: the change may be the remedy. */
export async function upsertConnection(
  db: Db,
  workspaceId: number,
  connection: DeclaredConnection,
): Promise<void> {
  const { name, connector, settings, secrets, secretsFingerprint, delivery } = connection;
  await forgetLimitsOfOtherSecrets(db, workspaceId, name, secretsFingerprint);
  await db.query(
    `insert into connections (workspace_id, name, connector, settings, secrets, secrets_fingerprint, delivery)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (workspace_id, name) do update set connector = excluded.connector, settings = excluded.settings,
       secrets = excluded.secrets, secrets_fingerprint = excluded.secrets_fingerprint,
       delivery = excluded.delivery, updated_at = now(), status = 'active', suspended_at = null, suspended_fault = null,
       failing_since = null`,
    [
      workspaceId,
      name,
      connector,
      JSON.stringify(settings),
      secrets,
      secretsFingerprint,
      JSON.stringify(delivery),
    ],
  );
}

// Events of the past are for a replay; a new connection begins with what comes next.
const ENSURE_CURSOR = `
  insert into cursors (workspace_id, connection, shard, position)
  select $1, $2, 0, coalesce((select max(position) from events where workspace_id = $1), 0)
  where not exists (select from cursors where workspace_id = $1 and connection = $2)`;

/** Gives a new connection its cursor, at the head of the log; the number of shards comes after (recut-shards.ts). */
export async function ensureCursor(db: Db, workspaceId: number, connection: string): Promise<void> {
  await db.query(ENSURE_CURSOR, [workspaceId, connection]);
}

// Under a new epoch, so that whoever read it for its former flows cannot set it back.
const MOVE_TO_HEAD = `
  update cursors set position = coalesce((select max(position) from events where workspace_id = $1), 0), done = '{}',
    epoch = epoch + 1, updated_at = now()
  where workspace_id = $1 and connection = $2`;

/** Lets a connection that nobody read begin with what comes next. */
export async function moveCursorToHead(db: Db, workspaceId: number, connection: string): Promise<void> {
  await db.query(MOVE_TO_HEAD, [workspaceId, connection]);
}

export async function upsertFlow(db: Db, workspaceId: number, flow: DeclaredFlow): Promise<void> {
  await db.query(
    `insert into flows (workspace_id, name, preset, source, connection, options, consent, action, condition, mapping)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (workspace_id, name) do update set preset = excluded.preset, source = excluded.source,
       connection = excluded.connection, options = excluded.options, consent = excluded.consent,
       action = excluded.action, condition = excluded.condition, mapping = excluded.mapping, updated_at = now()`,
    [
      workspaceId,
      flow.name,
      flow.preset,
      flow.source,
      flow.connection,
      JSON.stringify(flow.options),
      flow.consent,
      flow.action,
      textOrNull(flow.condition),
      textOrNull(flow.mapping),
    ],
  );
}

/** JSON as text; null is the absence of a value, not JSON's null. */
function textOrNull(json: JsonValue | null): string | null {
  return json === null ? null : JSON.stringify(json);
}

/** Removes a flow and what waited for it. */
export async function deleteFlow(db: Db, workspaceId: number, name: string): Promise<void> {
  await db.query(`delete from parked where workspace_id = $1 and flow = $2`, [workspaceId, name]);
  await db.query(`delete from dead_letters where workspace_id = $1 and flow = $2`, [workspaceId, name]);
  await db.query(`delete from flows where workspace_id = $1 and name = $2`, [workspaceId, name]);
}

/** Removes what waits for a flow at a connection to which it no longer sends; its dead letters can be mapped anew. */
export async function deleteParkedOfFlow(
  db: Db,
  workspaceId: number,
  connection: string,
  flow: string,
): Promise<void> {
  await db.query(`delete from parked where workspace_id = $1 and connection = $2 and flow = $3`, [
    workspaceId,
    connection,
    flow,
  ]);
}

export async function deleteSource(db: Db, workspaceId: number, name: string): Promise<void> {
  await db.query(`delete from sources where workspace_id = $1 and name = $2`, [workspaceId, name]);
}

/** Removes a connection, its reader and everything that waited for it. */
export async function deleteConnection(db: Db, workspaceId: number, name: string): Promise<void> {
  await clearReader(db, workspaceId, name);
  await db.query(`delete from connections where workspace_id = $1 and name = $2`, [workspaceId, name]);
}

/** Removes the cursor of a connection and everything that waited for it; its replays have nobody left to run them. */
export async function clearReader(db: Db, workspaceId: number, connection: string): Promise<void> {
  await db.query(`delete from parked where workspace_id = $1 and connection = $2`, [workspaceId, connection]);
  await db.query(`delete from dead_letters where workspace_id = $1 and connection = $2`, [
    workspaceId,
    connection,
  ]);
  await db.query(`delete from cursors where workspace_id = $1 and connection = $2`, [
    workspaceId,
    connection,
  ]);
  await forgetLimits(db, workspaceId, connection);
  await db.query(
    `update replays set status = 'cancelled', finished_at = now()
     where workspace_id = $1 and connection = $2 and status in ('running', 'paused')`,
    [workspaceId, connection],
  );
}

const OPEN_COUNT = `
  select (select count(*) from parked
      where workspace_id = $1 and connection = $2 and ($3::text is null or flow = $3)) as parked,
    (select count(*) from dead_letters
      where workspace_id = $1 and connection = $2 and ($3::text is null or flow = $3) and status = 'open') as "deadLetters"`;

export interface OpenCount {
  readonly parked: number;
  readonly deadLetters: number;
}

/** Inputs of a connection, or of one flow of it, that wait or are dead letters. */
export async function countOpen(
  db: Db,
  workspaceId: number,
  connection: string,
  flow?: string,
): Promise<OpenCount> {
  const { rows } = await db.query<OpenCount>(OPEN_COUNT, [workspaceId, connection, flow]);
  return rows[0] ?? { parked: 0, deadLetters: 0 };
}
