import type { ErrorCatalogue } from './error-entry.ts';

/** Linchpin.yaml and the environment. */
export const CONFIG_ERRORS = {
  'config.condition_invalid': {
    status: 500,
    title: 'The condition of a flow cannot be understood',
    remedy: 'Correct the part that the message names; docs/mapping.md lists the operators.',
  },
  'config.connection_in_use': {
    status: 409,
    title: 'A connection or flow still holds undelivered events',
    remedy:
      'Deliver, retry or discard them first (linchpin dead-letters list), or apply with --force to drop them.',
  },
  'config.credential_taken': {
    status: 409,
    title: 'Another workspace already uses this credential',
    remedy: 'Give the source a write key or token of its own.',
  },
  'config.duplicate_credential': {
    status: 500,
    title: 'Two sources share one credential',
    remedy: 'Give each source its own write key or token: it is how Linchpin tells their events apart.',
  },
  'config.duplicate_name': {
    status: 500,
    title: 'A name stands twice',
    remedy: 'Rename or remove one of them.',
  },
  'config.environment_invalid': {
    status: 500,
    title: 'An environment variable has a wrong value',
    remedy: 'Correct the variable, or unset it to use the default.',
  },
  'config.file_unreadable': {
    status: 500,
    title: 'The configuration file cannot be read',
    remedy: 'Check the path given with --config and the permissions of the file.',
  },
  'config.flow_mismatch': {
    status: 500,
    title: 'A flow joins things that do not fit',
    remedy: 'Choose a preset for the connector of the connection and for the events of the source.',
  },
  'config.invalid': {
    status: 500,
    title: 'The configuration has several mistakes',
    remedy: 'Correct each line named above.',
  },
  'config.invalid_name': {
    status: 500,
    title: 'A name has characters that names cannot have',
    remedy: 'Use lower-case letters, digits, "-" and "_", beginning with a letter.',
  },
  'config.invalid_value': {
    status: 500,
    title: 'A setting has a value that it cannot have',
    remedy: 'Use one of the values that the message names.',
  },
  'config.mapping_invalid': {
    status: 500,
    title: 'The mapping of a flow cannot be understood',
    remedy: 'Correct the part that the message names; docs/mapping.md lists the directives.',
  },
  'config.missing_key': {
    status: 500,
    title: 'A required setting is missing',
    remedy: 'Add the setting.',
  },
  'config.syntax': {
    status: 500,
    title: 'The configuration file is not valid YAML',
    remedy: 'Correct the place that the message names.',
  },
  'config.unknown_action': {
    status: 500,
    title: 'There is no such action',
    remedy: 'Use an action that linchpin connectors list shows.',
  },
  'config.unknown_connector': {
    status: 500,
    title: 'There is no such connector',
    remedy: 'Use a connector that linchpin connectors list shows.',
  },
  'config.unknown_key': {
    status: 500,
    title: 'There is no such setting',
    remedy: 'Correct the spelling, or remove the key.',
  },
  'config.unknown_name': {
    status: 500,
    title: 'A flow names a source or connection that does not exist',
    remedy: 'Declare it under sources or connections, or correct the name.',
  },
  'config.unknown_preset': {
    status: 500,
    title: 'There is no such preset',
    remedy: 'Use a preset that linchpin connectors list shows.',
  },
  'config.unknown_source_type': {
    status: 500,
    title: 'There is no such type of source',
    remedy: 'Use one of the types that the message names.',
  },
  'config.variable_malformed': {
    status: 500,
    title: 'A reference to an environment variable is malformed',
    remedy: 'Write ${NAME} or ${NAME:-default}, or $${ for a literal one.',
  },
  'config.variable_unset': {
    status: 500,
    title: 'An environment variable is not set',
    remedy: 'Set the variable, or give a default: ${NAME:-default}.',
  },
  'config.wrong_type': {
    status: 500,
    title: 'A setting has a value of the wrong type',
    remedy: 'Give a value of the type that the message names.',
  },
} as const satisfies ErrorCatalogue;
