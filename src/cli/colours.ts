import picocolors from 'picocolors';

/**
 * Colours for a terminal. The package also colours when `CI` is set, where the output is a file: not here. It
 * knows `NO_COLOR` and its like.
 */
export const colours = picocolors.createColors(picocolors.isColorSupported && process.stdout.isTTY);
