/**
 * Seals secrets for the database: AES-256-GCM under keys derived from the master key. A sealed text says
 * which master key opens it, so that a wrong one is told from a damaged text.
 *
 * Form: `v1.<key id>.<base64url of nonce, ciphertext and tag>`; the first two parts are authenticated too.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { LinchpinError } from '../kernel/errors.ts';
import { loadMasterKey, MASTER_KEY_BYTES } from './master-key.ts';
import type { LoadMasterKey } from './master-key.ts';

const VERSION = 'v1';
// What NIST SP 800-38D asks of GCM: a 96-bit nonce, safe at random for 2^32 texts, and a tag of 128 bits.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The sealer of a Linchpin, under the master key that it is given or keeps in its data folder. */
export function openSealer(options: LoadMasterKey): Sealer {
  return new Sealer(loadMasterKey(options));
}

export class Sealer {
  readonly #sealKey: Buffer;
  readonly #fingerprintKey: Buffer;
  /** Names the master key without telling anything of it. */
  readonly keyId: string;

  constructor(masterKey: Buffer) {
    if (masterKey.length !== MASTER_KEY_BYTES) throw new RangeError('A master key has 32 bytes.');
    this.#sealKey = derive(masterKey, 'seal');
    this.#fingerprintKey = derive(masterKey, 'fingerprint');
    this.keyId = derive(masterKey, 'key id').subarray(0, 4).toString('hex');
  }

  seal(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const head = `${VERSION}.${this.keyId}`;
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey, nonce).setAAD(Buffer.from(head));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${head}.${sealed.toString('base64url')}`;
  }

  /** Whether a text was sealed under this master key. */
  canOpen(sealedText: string): boolean {
    return sealedText.startsWith(`${VERSION}.${this.keyId}.`);
  }

  unseal(sealedText: string): string {
    const [version, keyId, body = '', ...rest] = sealedText.split('.');
    const sealed = Buffer.from(body, 'base64url');
    if (
      version !== VERSION ||
      keyId === undefined ||
      rest.length > 0 ||
      sealed.length < NONCE_BYTES + TAG_BYTES
    ) {
      throw damaged('A stored secret is not in the sealed form.');
    }
    if (keyId !== this.keyId) {
      throw new LinchpinError('store.master_key_wrong', {
        message: `This secret was sealed under the master key ${keyId}, not under ${this.keyId}.`,
      });
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#sealKey, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(`${version}.${keyId}`))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (cause) {
      throw damaged('A stored secret does not pass its authenticity check.', cause);
    }
  }

  /** Equal for equal texts under one master key, and useless without it. */
  fingerprint(text: string): string {
    return createHmac('sha256', this.#fingerprintKey).update(text, 'utf8').digest('base64url');
  }
}

function damaged(message: string, cause?: unknown): LinchpinError {
  return new LinchpinError('store.sealed_text_damaged', { message, cause });
}

function derive(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `linchpin ${purpose}`, MASTER_KEY_BYTES));
}
