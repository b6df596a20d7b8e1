import { z } from 'zod';
import type { Registry } from '../../flows/registry.ts';
import { DEFAULT_DELIVERY } from '../../flows/workspace.ts';
import { secret } from '../../kit/index.ts';

/** The shape of linchpin.yaml: what each key may hold, and the defaults with their reasons. */

// Names stand in shell commands, URLs and tables. 63 is the longest label of a host name (RFC 1035).
const NAME = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/)
  .meta({ description: 'Lower-case letters, digits, "-" and "_", beginning with a letter.' });

// Flows may also be named after what they join: `hubspot-identify.site.hubspot`, `sesamy/resolve`.
const FLOW_NAME = z.string().regex(/^[a-z][a-z0-9_./-]{0,199}$/);

// Two days at least: a duplicate is recognised for 24 hours, and the day before must stay for that.
const DAYS_MIN = 2;
// Ten years: a typing mistake beyond it, not a wish.
const DAYS_MAX = 3_650;
const DAYS_DEFAULT = 30;

const days = (what: string): z.ZodDefault<z.ZodNumber> =>
  z
    .int()
    .min(DAYS_MIN)
    .max(DAYS_MAX)
    .default(DAYS_DEFAULT)
    .meta({ description: `How many days ${what} are kept.` });

export const PORT_MAX = 65_535;
const PORT = z.int().min(0).max(PORT_MAX);

// A consent platform has a handful; a name is whatever it calls them.
const CONSENT = z.array(z.string().min(1).max(100)).max(20).meta({
  description:
    'Categories that a person must have consented to, by the names in context.consent.categoryPreferences of the event. Events without a consent object pass.',
});

const RETENTION = z.strictObject({
  events_days: days('events, and with them the possibility of a replay,'),
  attempts_days: days('attempts with their requests and answers'),
  rejected_days: days('rejected events'),
});

const HTTP = z.strictObject({
  port: PORT.optional().meta({ description: 'Where `linchpin up` listens; --port and PORT come first.' }),
  trust_proxy: z
    .boolean()
    .default(false)
    .meta({ description: 'Take the client address from X-Forwarded-For, behind a proxy of your own.' }),
});

const { shards: SHARDS, retry } = DEFAULT_DELIVERY;

// Each shard holds a window of events in memory, and 64 slots in 16 shards are spread evenly to within some percent.
const SHARDS_MAX = 16;

// A hundred attempts with an hour before the first retry are years: a typing mistake beyond it, not a wish.
const ATTEMPTS_MAX = 100;
const FIRST_WAIT_SECONDS_MIN = 0.1;
const FIRST_WAIT_SECONDS_MAX = 3_600;
const FACTOR_MAX = 10;

const RETRY = z.strictObject({
  attempts: z
    .int()
    .min(1)
    .max(ATTEMPTS_MAX)
    .default(retry.attemptsMax)
    .meta({ description: 'After this many attempts an input becomes a dead letter.' }),
  first_wait_seconds: z
    .number()
    .min(FIRST_WAIT_SECONDS_MIN)
    .max(FIRST_WAIT_SECONDS_MAX)
    .default(retry.firstWaitMs / 1_000)
    .meta({ description: 'The longest wait before the second attempt; the real one is drawn from 0 to it.' }),
  factor: z
    .number()
    .min(1)
    .max(FACTOR_MAX)
    .default(retry.factor)
    .meta({ description: 'Each further wait is this many times as long.' }),
});

/** Each shard makes calls of its own: with more shards than calls that are allowed at once, they would exceed those. */
function deliverySchema(callsMax: number) {
  return z.strictObject({
    shards: z
      .int()
      .min(1)
      .max(SHARDS_MAX, { abort: true })
      .refine((shards) => shards <= callsMax, {
        error: `The connector makes ${String(callsMax)} calls at once at most, and each shard needs one. Use at most ${String(callsMax)}.`,
      })
      .default(SHARDS)
      .meta({ description: 'How many readers share the events of the connection by person.' }),
    retry: RETRY.prefault({}),
  });
}

/** The source that needs no connector: Segment calls, told apart by their write key. */
const SEGMENT: SourceType = {
  settings: z.strictObject({ write_key: secret() }),
  credential: 'write_key',
  isConnector: false,
};

export interface SourceType {
  readonly settings: z.ZodObject;
  readonly credential: string;
  /** Whether the source is a connector with a connection and a resolving flow of its own. */
  readonly isConnector: boolean;
}

/** Every type of source: Segment calls, and the connectors that are sources too. */
export function sourceTypes(registry: Registry): ReadonlyMap<string, SourceType> {
  const types = new Map<string, SourceType>([['segment', SEGMENT]]);
  for (const { id, settings, source } of registry.connectors.values()) {
    if (source !== undefined)
      types.set(id, { settings: settings.strict(), credential: 'token', isConnector: true });
  }
  return types;
}

// zod compiles a schema when it is first used, which takes some 7 ms with a dozen connectors; a check takes 3 (2026-11).
const schemas = new WeakMap<Registry, z.ZodObject>();

/** The schema against which a file is checked and from which editors get their JSON Schema. */
export function schemaOf(registry: Registry): z.ZodObject {
  const schema = schemas.get(registry) ?? makeSchema(registry);
  schemas.set(registry, schema);
  return schema;
}

function makeSchema(registry: Registry): z.ZodObject {
  return z.strictObject({
    workspace: NAME,
    sources: z
      .record(
        NAME,
        choice(
          'type',
          [...sourceTypes(registry)].map(([id, { settings }]) => [id, settings]),
        ),
      )
      .optional(),
    connections: z
      .record(
        NAME,
        choice(
          'connector',
          [...registry.connectors].map(([id, { settings, http }]) => [
            id,
            settings.safeExtend({ delivery: deliverySchema(http.concurrent).optional() }),
          ]),
        ),
      )
      .optional(),
    flows: z
      .array(
        z.strictObject({
          name: FLOW_NAME.optional(),
          preset: z
            .enum([...registry.presets.keys()])
            .optional()
            .meta({
              description: 'What is done, as it ships with the connector; or action and map of your own.',
            }),
          action: z
            .enum([...registry.actions.keys()])
            .optional()
            .meta({
              description: 'What is done with what the mapping makes of an event.',
            }),
          when: z.json().optional().meta({ description: 'A condition: which events it is for.' }),
          map: z.json().optional().meta({ description: "A mapping: the action's input." }),
          from: z.string(),
          to: z.string(),
          options: z.record(z.string(), z.json()).optional(),
          consent: CONSENT.optional(),
        }),
      )
      .optional(),
    retention: RETENTION.optional(),
    http: HTTP.optional(),
  });
}

/** JSON Schema of linchpin.yaml, as written in the file: secrets are text, defaults may be left out. */
export function toJsonSchema(registry: Registry): object {
  return z.toJSONSchema(schemaOf(registry), { io: 'input', unrepresentable: 'any' });
}

function choice(
  discriminator: string,
  variants: readonly (readonly [id: string, settings: z.ZodObject])[],
): z.ZodType {
  const options = variants.map(([id, settings]) =>
    settings.safeExtend({ [discriminator]: z.literal(id) }).strict(),
  );
  const [first, ...others] = options;
  return first === undefined ? z.never() : z.discriminatedUnion(discriminator, [first, ...others]);
}

/** A file that has passed the check, with the parts that only the registry understands left as written. */
export const CHECKED = z.object({
  workspace: z.string(),
  sources: z
    .record(z.string(), z.record(z.string(), z.json()).and(z.object({ type: z.string() })))
    .default({}),
  connections: z
    .record(
      z.string(),
      z
        .record(z.string(), z.json())
        .and(z.object({ connector: z.string(), delivery: deliverySchema(SHARDS_MAX).prefault({}) })),
    )
    .default({}),
  flows: z
    .array(
      z.object({
        name: z.string().optional(),
        preset: z.string().optional(),
        action: z.string().optional(),
        when: z.json().optional(),
        map: z.json().optional(),
        from: z.string(),
        to: z.string(),
        options: z.record(z.string(), z.json()).default({}),
        consent: CONSENT.default([]),
      }),
    )
    .default([]),
  retention: RETENTION.prefault({}),
  http: HTTP.prefault({}),
});

export type Checked = z.output<typeof CHECKED>;
