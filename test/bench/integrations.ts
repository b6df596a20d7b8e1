/**
 * All ten integrations at once: subscriber events of a publisher go through the resolver and out to ten vendors. How many
 * are through per second, and what one costs Linchpin in CPU time. Real processes, the vendors' emulators with limits as
 * high as settings go, so that Linchpin is what is measured.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caughtUp } from '../support/caught-up.ts';
import { postJson, requestCount } from '../support/emulator-client.ts';
import { INTEGRATIONS } from '../support/integrations.ts';
import { startProcess } from '../support/linchpin-process.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { isQuick, progress, report, rounded } from './measure.ts';
import { EVENTS_PER_PERSON, subscriberEvent } from './subscriber-load.ts';

const USERS = isQuick() ? 200 : 1_000;
const TOGETHER = 100;

/** Settings that lift what we hold ourselves to; of the vendors' own limits only those that an account can raise. */
const LIFTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  kilkaya: { calls_per_second: 1000 },
  'make-as': { calls_per_second: 1000 },
  mailmojo: { calls_per_second: 1000 },
  rule: { calls_per_ten_minutes: 1_000_000 },
  webhook: { calls_per_second: 1000 },
  'x-ads': { events_per_15_minutes: 10_000_000 },
};

const folder = makeTemporaryFolder();
const vendors = new Map<string, LinchpinProcess>();
for (const { id } of INTEGRATIONS) {
  vendors.set(id, await startProcess(['emulate', id, '--port', '0'], { cwd: folder }));
}
await postJson(`${urlOf('rule')}/_emulator/limits`, { allowed: 10_000_000 });
writeFileSync(
  join(folder, 'linchpin.yaml'),
  `workspace: bench
sources:
  platform: { type: subscribers, token: whs_bench }
connections:
${INTEGRATIONS.map(({ id, settings }) => `  ${id}: ${JSON.stringify({ connector: id, ...settings(urlOf(id)), ...LIFTED[id] })}`).join('\n')}
flows:
${INTEGRATIONS.map(({ id, preset }) => `  - { preset: ${preset}, from: platform, to: ${id} }`).join('\n')}
`,
);
const linchpin = await startProcess(['up', '--config', 'linchpin.yaml', '--data', 'data', '--port', '0'], {
  cwd: folder,
});

try {
  // Properties, fields and options are made once; that does not count.
  await run('before', 20);
  const cpuBefore = linchpin.cpuSeconds();
  const callsBefore = await callCount();
  const startedMs = performance.now();
  await run('run', USERS);
  const seconds = (performance.now() - startedMs) / 1000;
  const events = USERS * EVENTS_PER_PERSON;
  report(
    'Integrations: ten vendors at once',
    {
      events_per_s: rounded(events / seconds, 0),
      cpu_us_per_event: rounded(((linchpin.cpuSeconds() - cpuBefore) * 1_000_000) / events, 0),
      calls_per_event: rounded(((await callCount()) - callsBefore) / events, 2),
    },
    [
      `${String(events)} raw events of ${String(USERS)} people, each with the whole picture, in requests of ${String(TOGETHER)}; until the last of ten vendors has what follows. PostgreSQL and ten emulators run on the same machine.`,
    ],
  );
} finally {
  await linchpin.stop();
  for (const vendor of vendors.values()) await vendor.stop();
  removeFolder(folder);
}

function urlOf(id: string): string {
  const vendor = vendors.get(id);
  if (vendor === undefined) throw new Error(`${id} has no emulator.`);
  return vendor.url;
}

async function callCount(): Promise<number> {
  const counts = await Promise.all([...vendors.values()].map(({ url }) => requestCount(url)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function run(name: string, users: number): Promise<void> {
  for (let round = 0; round < EVENTS_PER_PERSON; round += 1) {
    for (let first = 0; first < users; first += TOGETHER) {
      const count = Math.min(TOGETHER, users - first);
      const events = Array.from({ length: count }, (_none, index) =>
        subscriberEvent(`${name}-${String(first + index)}`, round),
      );
      await postJson(`${linchpin.url}/v1/subscriber-events`, events, { authorization: 'Bearer whs_bench' });
    }
    progress(`${name}: round ${String(round + 1)} of ${String(EVENTS_PER_PERSON)} accepted`);
  }
  await caughtUp(join(folder, 'data'), 600_000);
}
