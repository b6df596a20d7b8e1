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
  'emulators.seed_unreadable': {
    status: 400,
    title: 'A seed cannot be read',
    remedy: 'Give --seed a file of YAML or JSON that exists; the place says where reading ended.',
  },
  'emulators.seed_refused': {
    status: 400,
    title: 'An emulator refuses a seed',
    remedy:
      "Correct the place that is named; the emulator's README and GET /_emulator/seed have the shape of seeds.",
  },
  'emulators.not_recordable': {
    status: 400,
    title: 'Nothing can be recorded of this vendor',
    remedy: 'Use --record and --replay with one vendor whose emulator supports them, such as hubspot.',
  },
  'emulators.recording_unreadable': {
    status: 400,
    title: 'A recording cannot be read',
    remedy: 'Give --replay a file that --record has written.',
  },
} as const satisfies ErrorCatalogue;
