/**
 * Whom the server runs as. PostgreSQL refuses to run as root, so a Linchpin started as root runs it under
 * an unprivileged user; otherwise it runs as ourselves. What that user can reach is tried, never computed:
 * modes of parent folders, ACLs and mount options all have a say.
 */
import { spawnSync } from 'node:child_process';
import { LinchpinError } from '../../kernel/errors.ts';

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Every Unix has it, with an entry in the password file, which initdb asks for. */
export const DEFAULT_SERVER_USER = 'nobody';

/** The user to run the server under, or undefined when it runs as ourselves. */
export function findServerUser(name: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const uid = askForId('-u', name);
  const gid = askForId('-g', name);
  if (uid === undefined || gid === undefined || uid === 0) {
    throw new LinchpinError('store.server_user_unknown', {
      message: `Started as root, Linchpin runs PostgreSQL as the user ${name}, which ${uid === 0 ? 'is root' : 'does not exist'}.`,
    });
  }
  return { name, uid, gid };
}

function askForId(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout.trim()) : undefined;
}

export interface SpawnIdentity {
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** How to spawn a program of PostgreSQL as that user. */
export function spawnAs(user: ServerUser | undefined): SpawnIdentity {
  return {
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    // Our own working directory may be closed to the user, and then initdb fails to name it.
    cwd: '/',
    // Messages in English whatever the locale, and nothing of Linchpin's own environment, which holds tokens.
    env: { LC_ALL: 'C', TZ: 'UTC' },
  };
}

/** Whether the user can pass through a folder; ourselves always can, or would already have failed. */
export function canEnter(user: ServerUser | undefined, folder: string): boolean {
  if (user === undefined) return true;
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...spawnAs(user), stdio: 'ignore' }).status === 0
  );
}

/** Whether the user can start a program: reach it, load its libraries and run it. */
export function canRun(user: ServerUser | undefined, program: string): boolean {
  return spawnSync(program, ['--version'], { ...spawnAs(user), stdio: 'ignore' }).status === 0;
}
