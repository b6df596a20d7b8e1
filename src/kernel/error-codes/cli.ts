import type { ErrorCatalogue } from './error-entry.ts';

/** What was typed. */
export const CLI_ERRORS = {
  'cli.connection_unknown': {
    status: 404,
    title: 'There is no such connection',
    remedy: 'List the connections with linchpin connectors list.',
  },
  'cli.import_unreadable': {
    status: 400,
    title: 'The file holds nothing that can be imported',
    remedy: 'Export the subscriptions of the destination as JSON and name that file.',
  },
  'cli.not_found': {
    status: 404,
    title: 'There is nothing with this id',
    remedy: 'List what there is with the list command of the same group.',
  },
  'cli.source_unknown': {
    status: 404,
    title: 'There is no such source',
    remedy: 'Use a name of the sources in linchpin.yaml.',
  },
  'cli.usage': {
    status: 400,
    title: 'The command was called in a way it does not understand',
    remedy: 'See linchpin <command> --help for options and examples.',
  },
  'cli.workspace_unknown': {
    status: 404,
    title: 'The workspace has never been applied',
    remedy: 'Run linchpin apply, or linchpin up, with this configuration first.',
  },
} as const satisfies ErrorCatalogue;
