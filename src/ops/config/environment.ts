import { LinchpinError } from '../../kernel/errors.ts';
import { Redacted } from '../../kernel/redacted.ts';
import type { LookUp } from './interpolate.ts';
import { PORT_MAX } from './schema.ts';

/** The settings that come from the environment, secrets wrapped, so that the whole may be printed. */
export interface Environment {
  /** DATABASE_URL: an external PostgreSQL instead of the embedded one. */
  readonly databaseUrl: Redacted | undefined;
  /** LINCHPIN_MASTER_KEY: seals secrets, instead of the key file in the data folder. */
  readonly masterKey: Redacted | undefined;
  /** LINCHPIN_API_TOKEN: opens the management API, instead of the token file in the data folder. */
  readonly apiToken: Redacted | undefined;
  /** LINCHPIN_CONFIG: the configuration file, unless --config names it. */
  readonly configFile: string;
  /** LINCHPIN_DATA: the data folder, unless --data names it. */
  readonly dataDir: string;
  /** PORT: where `linchpin up` listens, unless --port says it. */
  readonly port: number | undefined;
  /** HOST: the address on which `linchpin up` listens. */
  readonly host: string;
  /** LINCHPIN_LOG_LEVEL. */
  readonly logLevel: LogLevel;
  /** For the variables that linchpin.yaml refers to. A function, so that printing the object shows none. */
  readonly lookUp: LookUp;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the environment, the only place in `src` that does. */
export function readEnvironment(variables: Variables = process.env): Environment {
  const lookUp: LookUp = (name) => variables[name];
  // A variable that is set to nothing counts as not set, as compose files and CI systems leave them.
  const optional = (name: string): string | undefined => lookUp(name)?.trim() || undefined;
  return {
    databaseUrl: redacted(parseDatabaseUrl(optional('DATABASE_URL'))),
    masterKey: redacted(optional('LINCHPIN_MASTER_KEY')),
    apiToken: redacted(optional('LINCHPIN_API_TOKEN')),
    configFile: optional('LINCHPIN_CONFIG') ?? 'linchpin.yaml',
    dataDir: optional('LINCHPIN_DATA') ?? 'data',
    port: parsePort(optional('PORT')),
    // Reachable from this machine only, until someone decides otherwise.
    host: optional('HOST') ?? '127.0.0.1',
    logLevel: parseLogLevel(optional('LINCHPIN_LOG_LEVEL')),
    lookUp,
  };
}

function redacted(value: string | undefined): Redacted | undefined {
  return value === undefined ? undefined : new Redacted(value);
}

// The forms that the driver knows: an address, or the path of a socket (node-postgres.com/features/connecting,
// 2026-11). Anything else it would look up as the name of a host.
const DATABASE_ADDRESS = /^(postgres(ql)?:\/\/|socket:|\/)/i;

function parseDatabaseUrl(text: string | undefined): string | undefined {
  if (text === undefined || DATABASE_ADDRESS.test(text)) return text;
  throw invalid('DATABASE_URL', 'must be an address such as postgres://user:password@host:5432/database');
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= PORT_MAX) return port;
  throw invalid('PORT', `must be a whole number from 0 to ${String(PORT_MAX)}`);
}

function parseLogLevel(text: string | undefined): LogLevel {
  if (text === undefined) return 'info';
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
  if (level !== undefined) return level;
  throw invalid('LINCHPIN_LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}`);
}

// The value is not quoted: what stands in the wrong variable may be a secret of another.
function invalid(name: string, rule: string): LinchpinError {
  return new LinchpinError('config.environment_invalid', {
    message: `The environment variable ${name} ${rule}.`,
    field: name,
  });
}
