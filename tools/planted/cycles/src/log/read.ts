import type { Append } from './append.ts';

export type Read = Append;
