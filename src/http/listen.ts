import type { FastifyInstance } from 'fastify';
import { LinchpinError } from '../kernel/errors.ts';

/** Begins to listen and returns the address; port 0 takes a free one. */
export async function listen(
  server: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new LinchpinError('http.cannot_listen', {
      message: `Port ${String(port)} of ${host} cannot be listened on (${code}).`,
      field: '--port',
      cause,
    });
  }
}
