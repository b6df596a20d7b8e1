/** How the process itself fares, and what it alone knows. Names without our prefix are those that every Prometheus client uses for the same. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** A limit of a vendor, as far as this process knows it. */
export interface LimitUse {
  readonly workspace: string;
  readonly connection: string;
  readonly limit: string;
  readonly used: number;
  readonly allowed: number;
}

/** What the process itself knows at the moment of a scrape. */
export interface ProcessFacts {
  /** What ingest holds in memory. */
  readonly intake: { readonly requestCount: number; readonly byteCount: number };
  /** Shards that this process reads. */
  readonly leasesHeld: number;
  readonly limits: readonly LimitUse[];
  /** Of the embedded store; undefined when somebody else runs PostgreSQL. */
  readonly freeBytes: number | undefined;
}

const MICROSECONDS = 1_000_000;
const NANOSECONDS = 1_000_000_000;

// How finely the delay is sampled. A timer each 20 ms took a quarter of a percent of a core from a process that does
// nothing else, and this one a tenth (2026-11); a loop that is late by half a second is seen all the same.
const RESOLUTION_MS = 50;

export interface ProcessMetrics {
  /** Brings the gauges up to date. */
  refresh(own: ProcessFacts): void;
  /** Ends the sampling of the event loop. */
  close(): void;
}

export function makeProcessMetrics(registry: Registry, version: string): ProcessMetrics {
  const registers = [registry];
  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of this process, user and system',
    registers,
  });
  const memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of this process, as the system counts it',
    registers,
  });
  const heap = new Gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'Of it, what JavaScript uses',
    registers,
  });
  const loop = new Gauge({
    name: 'linchpin_event_loop_delay_seconds',
    help: 'How late timers fire, since the last scrape',
    labelNames: ['quantile'],
    registers,
  });
  const requests = new Gauge({
    name: 'linchpin_ingest_requests_in_flight',
    help: 'Requests whose events wait to become durable',
    registers,
  });
  const held = new Gauge({
    name: 'linchpin_ingest_held_bytes',
    help: 'Bytes of bodies and events that ingest holds in memory',
    registers,
  });
  const leases = new Gauge({
    name: 'linchpin_leases_held',
    help: 'Shards that this process reads',
    registers,
  });
  const limits = new Gauge({
    name: 'linchpin_limit_used_ratio',
    help: 'Share of a limit of the vendor that is used up, by all workers together',
    labelNames: ['workspace', 'connection', 'limit'],
    registers,
  });
  const disk = new Gauge({
    name: 'linchpin_disk_free_bytes',
    help: 'Free disk of the embedded PostgreSQL; absent for an external one',
    registers,
  });
  disk.remove({}); // A gauge without labels begins at 0, which would be an alarm here.
  new Gauge({
    name: 'linchpin_build_info',
    help: 'Always 1; the version is its label',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);

  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let toldCpu = 0;
  return {
    refresh: (own) => {
      const { user, system } = process.cpuUsage();
      cpu.inc((user + system - toldCpu) / MICROSECONDS);
      toldCpu = user + system;
      const { rss, heapUsed } = process.memoryUsage();
      memory.set(rss);
      heap.set(heapUsed);
      // The histogram holds the time between two samples, so an idle loop shows the resolution itself.
      for (const quantile of [50, 99, 100]) {
        const late = delay.count === 0 ? 0 : delay.percentile(quantile) / NANOSECONDS - RESOLUTION_MS / 1_000;
        loop.set({ quantile: String(quantile / 100) }, Math.max(0, late));
      }
      delay.reset();
      requests.set(own.intake.requestCount);
      held.set(own.intake.byteCount);
      leases.set(own.leasesHeld);
      limits.reset();
      for (const { used, allowed, ...labels } of own.limits)
        limits.set(labels, allowed > 0 ? used / allowed : 1);
      if (own.freeBytes !== undefined) disk.set(own.freeBytes);
    },
    close: () => {
      delay.disable();
    },
  };
}
