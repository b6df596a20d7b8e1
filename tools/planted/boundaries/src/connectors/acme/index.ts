import { readFileSync } from 'node:fs';
import { other } from '../other/index.ts';
import { start } from '../../../emulators/acme/index.ts';

export const acme = { readFileSync, other, start };
