/** The programs that fault tests run, built of the sources as they are when the tests begin. */
import { build } from '../../tools/build.mjs';
import type { Programs } from './cluster.ts';

export async function buildPrograms(): Promise<Programs> {
  return {
    linchpin: await build({ name: 'linchpin', entry: 'bin/main.ts' }),
    hubspot: await build({
      name: 'faults-hubspot',
      entry: 'test/faults/hubspot-main.ts',
      alsoWatch: ['test/faults', 'test/support'],
    }),
  };
}
