import type { ErrorCatalogue } from './error-entry.ts';

/** The stand-ins for vendors. */
export const EMULATORS_ERRORS = {
  'emulators.port_taken': {
    status: 500,
    title: 'An emulator cannot listen on its port',
    remedy: 'Stop the program that uses the port, or choose another with --port.',
  },
  'emulators.unknown': {
    status: 400,
    title: 'There is no emulator of that name',
    remedy: 'See linchpin emulate --help for the vendors that have one.',
  },
} as const satisfies ErrorCatalogue;
