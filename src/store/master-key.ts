/** The master key: given by the environment, or a file in the data folder that the first start makes. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { LinchpinError } from '../kernel/errors.ts';
import type { Redacted } from '../kernel/redacted.ts';
import { openDataFolder, syncFolder } from './data-folder.ts';

/** Of AES-256. */
export const MASTER_KEY_BYTES = 32;

export interface LoadMasterKey {
  readonly dataDir: string;
  /** LINCHPIN_MASTER_KEY: 32 bytes in base64, base64url or hex. */
  readonly masterKey?: Redacted | undefined;
}

export function loadMasterKey({ dataDir, masterKey }: LoadMasterKey): Buffer {
  if (masterKey !== undefined) return parseMasterKey(masterKey.reveal(), 'LINCHPIN_MASTER_KEY');
  const path = openDataFolder(dataDir).masterKey;
  const text = readKeyFile(path) ?? makeKeyFile(path);
  return parseMasterKey(text, path);
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

function readKeyFile(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  // Windows keeps no such modes.
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new LinchpinError('store.master_key_invalid', {
      message: `Others can read the master key ${path}.`,
      remedy: `Close it: chmod 600 ${path}. If it may have been read, change the tokens it protects.`,
    });
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LinchpinError('store.master_key_invalid', {
      message: `The master key cannot be read: ${(cause as Error).message}.`,
      remedy: 'Start Linchpin as the user who made the data folder.',
      cause,
    });
  }
}

/** Linked into place whole, so that of two first starts one makes the key and both use it. */
function makeKeyFile(path: string): string {
  const text = `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`;
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
    linkSync(draft, path);
    syncFolder(dirname(path));
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFileSync(path, 'utf8');
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}
