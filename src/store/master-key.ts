/** The master key: given by the environment, or a file in the data folder that the first start makes. */
import { randomBytes } from 'node:crypto';
import { LinchpinError } from '../kernel/errors.ts';
import type { Redacted } from '../kernel/redacted.ts';
import { dataFolderAt, openDataFolder } from './data-folder.ts';
import { makeSecretFile, readSecretFile } from './secret-file.ts';
import type { SecretFileFault } from './secret-file.ts';

/** Of AES-256. */
export const MASTER_KEY_BYTES = 32;

export interface LoadMasterKey {
  readonly dataDir: string;
  /** LINCHPIN_MASTER_KEY: 32 bytes in base64, base64url or hex. */
  readonly masterKey?: Redacted | undefined;
  /** For who only reads: a key made now opens nothing, and would lie where the right one is to be put back. */
  readonly mustExist?: boolean;
}

export function loadMasterKey({ dataDir, masterKey, mustExist = false }: LoadMasterKey): Buffer {
  if (masterKey !== undefined) return parseMasterKey(masterKey.reveal(), 'LINCHPIN_MASTER_KEY');
  const path = (mustExist ? dataFolderAt(dataDir) : openDataFolder(dataDir)).masterKey;
  const refuse = (fault: SecretFileFault): Error => new LinchpinError('store.master_key_invalid', fault);
  const text = readSecretFile(path, 'master key', refuse) ?? (mustExist ? undefined : makeMasterKey(path));
  if (text !== undefined) return parseMasterKey(text, path);
  throw new LinchpinError('store.master_key_wrong', {
    message: `There is no master key in ${path}, so what is stored cannot be opened.`,
    remedy:
      'Put the master key that was in use back there, or into LINCHPIN_MASTER_KEY. If it is lost, run linchpin apply with all secrets set.',
  });
}

function makeMasterKey(path: string): string {
  return makeSecretFile(path, `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`);
}

const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function parseMasterKey(text: string, origin: string): Buffer {
  const trimmed = text.trim();
  if (HEX.test(trimmed)) return Buffer.from(trimmed, 'hex');
  // Node reads both alphabets of base64 as one.
  const key = BASE64.test(trimmed) ? Buffer.from(trimmed, 'base64') : Buffer.alloc(0);
  if (key.length === MASTER_KEY_BYTES) return key;
  throw new LinchpinError('store.master_key_invalid', {
    message: `${origin} holds ${key.length === 0 ? 'no key' : `${String(key.length)} bytes`}; a master key has ${String(MASTER_KEY_BYTES)}, in base64 or hex.`,
  });
}
