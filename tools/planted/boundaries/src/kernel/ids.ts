import { openPool } from '../store/pool.ts';

export const pool = openPool();
