/**
 * Builds of Linchpin that are broken on purpose, so that the harness can show that it would notice. The product has no
 * switch for this: a copy of the built program is changed as text, and a text that is not found exactly once
 * fails the run, because then the break is not what it says.
 */
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SABOTAGES = ['cursor-before-settle', 'fencing-off', 'position-gap'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

interface Patch {
  /** Below the root of the copy: `dist` stands for all built files. */
  readonly in: 'dist' | 'migrations';
  readonly find: string;
  readonly replace: string;
}

const PATCHES: Readonly<Record<Sabotage, readonly Patch[]>> = {
  // Events count as finished when they have been read, whatever becomes of their inputs.
  'cursor-before-settle': [
    {
      in: 'dist',
      find: 'this.#watermark.read(position, openCount,',
      replace: 'this.#watermark.read(position, 0,',
    },
  ],
  // All of it: a write under an old epoch goes through, and a worker that lost its lease reads and calls on.
  'fencing-off': [
    {
      in: 'dist',
      find: `update cursors set position = $5, done = $6, updated_at = now()
  where workspace_id = $1 and connection = $2 and shard = $3 and epoch = $4`,
      replace: `update cursors set position = $5, done = $6, updated_at = now()
  where workspace_id = $1 and connection = $2 and shard = $3 and epoch >= $4`,
    },
    { in: 'dist', find: 'this.#options.onLost();', replace: '' },
    {
      in: 'dist',
      find: 'isOwner: () => this.#workerLease.isHeld && this.#workerLease.id === owner',
      replace: 'isOwner: () => true',
    },
  ],
  // Positions are no longer handed out in the order of commits, so readers pass over those that commit late.
  'position-gap': [
    { in: 'migrations', find: 'perform pg_advisory_xact_lock(1, p_workspace_id);', replace: '' },
  ],
};

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Copies the built program below `folder`, breaks the copy, and returns the path of its main file. */
export function breakBuild(main: string, sabotage: Sabotage, folder: string): string {
  const dist = join(folder, 'dist', 'linchpin');
  const migrations = join(folder, 'migrations');
  cpSync(dirname(main), dist, { recursive: true });
  cpSync(join(ROOT, 'migrations'), migrations, { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const patch of PATCHES[sabotage]) {
    if (patch.in === 'dist') applyPatch(listCode(dist, /\.js$/), patch);
    // Later migrations replace functions of earlier ones: the last definition is the one that counts.
    else
      applyPatch(
        listCode(migrations, /^\d+_.*\.sql$/)
          .filter(holds(patch))
          .slice(-1),
        patch,
      );
  }
  return join(dist, basename(main));
}

function listCode(folder: string, name: RegExp): readonly string[] {
  const files = readdirSync(folder).filter((file) => name.test(file));
  return files.sort().map((file) => join(folder, file));
}

function holds({ find }: Patch): (path: string) => boolean {
  return (path) => readFileSync(path, 'utf8').includes(find);
}

function applyPatch(paths: readonly string[], patch: Patch): void {
  const found = paths.filter(holds(patch));
  const [path] = found;
  const text = path === undefined ? '' : readFileSync(path, 'utf8');
  const count = text.split(patch.find).length - 1;
  if (path === undefined || found.length > 1 || count !== 1) {
    throw new Error(
      `The text to break is there ${String(count)} times in ${String(found.length)} files, not once:\n${patch.find}`,
    );
  }
  writeFileSync(
    path,
    text.replace(patch.find, () => patch.replace),
  );
}
