import { EXIT } from './exit-codes.ts';

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once, whatever it is doing. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      resolve();
      for (const signal of SIGNALS) {
        process.removeListener(signal, stop);
        process.once(signal, () => process.exit(EXIT.forced));
      }
    };
    for (const signal of SIGNALS) process.once(signal, stop);
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
