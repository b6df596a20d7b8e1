import type { openPool } from '../store/pool.ts';

export type Pool = ReturnType<typeof openPool>;
