import type { FastifyInstance } from 'fastify';

/** Whether this process can do its work right now, and what speaks for or against it. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: readonly ReadinessCheck[];
}

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do, when it is not `ok`. */
  readonly remedy?: string;
}

/** `/healthz`: the process answers; restart it when not. `/readyz`: send it traffic, or not for now. */
export function healthRoutes(server: FastifyInstance, readiness: () => Promise<ReadinessReport>): void {
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const report = await readiness();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
}
