/**
 * What connections cost to which nothing happens: a process that reads for a hundred of them, and one that reads for a
 * single one, each beside its PostgreSQL, in percent of one core.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import { until } from '../support/until.ts';
import { startLinchpinProcess, startVendor } from './bench-process.ts';
import { openEngineBench } from './engine-bench.ts';
import type { BenchWorkspace, EngineBench } from './engine-bench.ts';
import { isQuick, medianOf, progress, report, rounded } from './measure.ts';

const ROUNDS = isQuick() ? 1 : 3;
const CONNECTIONS = 100;
// By then every shard is taken, and what a start costs is spent.
const WARM_MS = 10_000;
// A tick of the kernel's books is 10 ms: over a minute that is a sixtieth of a percent.
const MEASURED_MS = isQuick() ? 20_000 : 60_000;

interface IdleFigures {
  readonly linchpinPercent: number;
  readonly postgresPercent: number;
}

const bench = await openEngineBench();
try {
  const many: IdleFigures[] = [];
  const one: IdleFigures[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const count of [1, CONNECTIONS]) {
      const figures = await run(bench, count);
      (count === 1 ? one : many).push(figures);
      const { linchpinPercent, postgresPercent } = figures;
      progress(
        `round ${String(round)}: ${String(count)} idle, ${linchpinPercent.toFixed(2)} % and ${postgresPercent.toFixed(2)} % for PostgreSQL`,
      );
    }
  }
  const total = ({ linchpinPercent, postgresPercent }: IdleFigures): number =>
    linchpinPercent + postgresPercent;
  report(
    `Idle: ${String(CONNECTIONS)} connections to which nothing happens, in percent of one core`,
    {
      hundred_percent: rounded(medianOf(many, total), 2),
      hundred_linchpin_percent: rounded(
        medianOf(many, ({ linchpinPercent }) => linchpinPercent),
        2,
      ),
      hundred_postgres_percent: rounded(
        medianOf(many, ({ postgresPercent }) => postgresPercent),
        2,
      ),
      one_percent: rounded(medianOf(one, total), 2),
      rounds: ROUNDS,
    },
    [
      `CPU time of the process and of PostgreSQL over ${String(MEASURED_MS / 1_000)} s without an event; medians of interleaved rounds.`,
    ],
  );
} finally {
  await bench.close();
}

async function run(engine: EngineBench, count: number): Promise<IdleFigures> {
  const vendor = await startVendor();
  const plans = Array.from({ length: count }, () => ({ url: vendor.url, preset: 'bench/tell' }));
  const workspace = await engine.makeWorkspace(plans);
  const linchpin = await startLinchpinProcess({ ...workspace.arguments, role: 'all' });
  try {
    await allTaken(workspace);
    await systemClock.sleep(WARM_MS);
    const look = () => ({
      linchpin: linchpin.cpuSeconds(),
      postgres: engine.postgresCpuSeconds(),
      atMs: performance.now(),
    });
    const from = look();
    await systemClock.sleep(MEASURED_MS);
    const to = look();
    const seconds = (to.atMs - from.atMs) / 1_000;
    return {
      linchpinPercent: ((to.linchpin - from.linchpin) / seconds) * 100,
      postgresPercent: ((to.postgres - from.postgres) / seconds) * 100,
    };
  } finally {
    await linchpin.stop();
    await vendor.stop();
  }
}

/** Resolves when every shard of the workspace has an owner. */
async function allTaken({ pool, id }: BenchWorkspace): Promise<void> {
  await until(
    async () => {
      const { rows } = await pool.query<{ free: number }>(
        'select count(*)::integer as free from cursors where workspace_id = $1 and owner is null',
        [id],
      );
      return rows[0]?.free === 0;
    },
    { timeoutMs: 60_000, what: 'readers of all connections' },
  );
}
