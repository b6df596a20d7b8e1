/**
 * What a process looks at when it starts. A configuration that is wrong, a database that cannot be reached, is too old,
 * newer than this version or not in UTC have stopped it before, each with its own error; what is left may mend itself
 * while it runs, and is told of.
 */
import type { Logger } from 'pino';
import { examineDisk, examineServer } from './doctor.ts';
import type { Patient } from './doctor.ts';

/** Logs what the doctor would find of clocks, connections and disk. */
export async function warnOfSurroundings(patient: Patient, logger: Pick<Logger, 'warn'>): Promise<void> {
  for (const finding of [...(await examineServer(patient)), ...(await examineDisk(patient))]) {
    const { level, topic, text, remedy } = finding;
    if (level !== 'fine') logger.warn({ topic, text, remedy }, 'startup.warned');
  }
}
