import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { ERROR_CODES } from '../../kernel/error-codes.ts';

/** The pages that `type` of a problem points at, as Markdown. `folder` is `docs/errors`. */
export function errorPageRoutes(server: FastifyInstance, folder: string): void {
  server.get<{ Params: { code: string } }>('/docs/errors/:code', async (request, reply) => {
    const code = request.params.code.replace(/\.md$/, '');
    // Only codes of the catalogue become part of a path.
    if (!Object.hasOwn(ERROR_CODES, code)) {
      reply.callNotFound();
      return reply;
    }
    return reply.type('text/markdown; charset=utf-8').send(await readFile(`${folder}/${code}.md`));
  });
}
