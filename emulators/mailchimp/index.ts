import { z } from 'zod';
import { defineEmulator } from '../core/index.ts';
import { FAULTS } from './faults.ts';
import { refuse } from './problem.ts';
import { accountRoutes } from './routes/account.ts';
import { activityRoutes } from './routes/activity.ts';
import { batchUpsertRoute } from './routes/batch-upsert.ts';
import { batchRoutes } from './routes/batches.ts';
import { listRoutes } from './routes/lists.ts';
import { memberRoutes } from './routes/members.ts';
import { applySeed, seedSchema, showState } from './seed.ts';
import { MailchimpState } from './state.ts';

const CALLS = [...accountRoutes, ...listRoutes, ...memberRoutes, ...activityRoutes, batchUpsertRoute];

// The newest that fit a screen.
const MEMBERS_SHOWN = 50;

/** The part of Mailchimp's Marketing API 3.0 that keeps an audience in step: members, fields, tags, events, batches. */
export const mailchimpEmulator = defineEmulator({
  id: 'mailchimp',
  title: 'Mailchimp',
  seedSchema,
  makeState: (context) => new MailchimpState(context),
  applySeed,
  showState,
  showPage: (state) =>
    [...state.audiences.values()].map((audience) => ({
      title: `Audience ${audience.name} (${audience.id})`,
      columns: ['Address', 'Status', 'Merge fields', 'Tags', 'Events'],
      rows: [...audience.members.values()].slice(-MEMBERS_SHOWN).map((member) => [
        member.email,
        member.status,
        Object.entries(member.mergeFields)
          .filter(([, value]) => value !== '')
          .map(
            ([tag, value]) => `${tag}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
          )
          .join(' '),
        [...member.tags.keys()].join(' '),
        member.events.map(({ name }) => name).join(' '),
      ]),
      note: `${String(audience.members.size)} contacts, ${String(audience.mergeFields.size)} merge fields.`,
    })),
  limits: {
    schema: z.strictObject({
      connections: z.int().positive().optional(),
      latencyMs: z.int().nonnegative().optional(),
      mergeFields: z.int().positive().optional(),
    }),
    show: ({ limits }) => limits,
    apply: ({ limits }, { connections, latencyMs, mergeFields }) => {
      limits.connections = connections ?? limits.connections;
      limits.latencyMs = latencyMs ?? limits.latencyMs;
      limits.mergeFields = mergeFields ?? limits.mergeFields;
    },
  },
  routes: [...CALLS, ...batchRoutes(CALLS)],
  refuse,
  faultPresets: FAULTS,
  // 500 members with a thousand bytes each, twenty times over; the vendor documents no maximum.
  bodyBytesMax: 10 * 1024 * 1024,
});
