/** Every command: those of `src`, and those that need the emulators, which `src` never sees. */
import { demo } from '../demo/cli-command.ts';
import type { Command } from '../src/cli/command.ts';
import { commands } from '../src/cli/commands/index.ts';
import { emulate } from './emulate.ts';

export const allCommands: readonly Command[] = [demo, ...commands, emulate];
