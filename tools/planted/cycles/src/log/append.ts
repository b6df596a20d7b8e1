import type { Read } from './read.ts';

export type Append = Read | null;
