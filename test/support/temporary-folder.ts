/** Folders that a test file leaves no trace of. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that every user may pass through, as the server of a Linchpin started as root needs. */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-test-'));
  chmodSync(folder, 0o711);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
