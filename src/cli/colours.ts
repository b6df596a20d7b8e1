import { isatty } from 'node:tty';
import picocolors from 'picocolors';

const STANDARD_OUTPUT = 1;

/**
 * Colours for a terminal. The package also colours when `CI` is set, where the output is a file: not here. It
 * knows `NO_COLOR` and its like.
 */
export const colours = picocolors.createColors(picocolors.isColorSupported && isatty(STANDARD_OUTPUT));
