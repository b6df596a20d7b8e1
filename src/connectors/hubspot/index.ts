import { defineConnector } from '../../kit/index.ts';
import { addToList } from './actions/add-to-list.ts';
import { associate } from './actions/associate.ts';
import { createEngagement } from './actions/create-engagement.ts';
import { deleteContact } from './actions/delete-contact.ts';
import { removeFromList } from './actions/remove-from-list.ts';
import { sendEvent } from './actions/send-event.ts';
import { submitForm } from './actions/submit-form.ts';
import { upsertCompany } from './actions/upsert-company.ts';
import { upsertContact } from './actions/upsert-contact.ts';
import { upsertObject } from './actions/upsert-object.ts';
import { assume } from './assume.ts';
import { checks } from './checks.ts';
import { FAILURES } from './failures.ts';
import { limitsOf } from './limits.ts';
import { authOf } from './login.ts';
import { group } from './presets/group.ts';
import { identify } from './presets/identify.ts';
import { lastPage } from './presets/last-page.ts';
import { page } from './presets/page.ts';
import { subscribers } from './presets/subscribers.ts';
import { track } from './presets/track.ts';
import { importSegment } from './segment-actions/import-segment.ts';
import { formsUrl, settingsSchema } from './settings.ts';
import { describeFailure } from './vendor-error.ts';
import { webhooks } from './webhooks.ts';

export const hubspot = defineConnector({
  id: 'hubspot',
  title: 'HubSpot',
  settings: settingsSchema,
  auth: authOf,
  http: {
    baseUrl: ({ base_url }) => base_url,
    bases: { forms: formsUrl },
    limits: limitsOf,
    failures: FAILURES,
    describeFailure,
    // HubSpot itself gives up after about 100 s with 524; by half of that no answer worth waiting for comes.
    timeoutMs: 50_000,
    // Enough to use 19 calls a second at 300 ms each, the time a batch of 100 is seen to take.
    concurrent: 6,
  },
  // As Segment's own destinations are addressed, the older first.
  integrationNames: ['HubSpot', 'HubSpot Cloud Mode (Actions)'],
  checks,
  assume,
  actions: {
    'upsert-contact': upsertContact,
    'upsert-company': upsertCompany,
    'upsert-object': upsertObject,
    associate,
    'send-event': sendEvent,
    'add-to-list': addToList,
    'remove-from-list': removeFromList,
    'create-engagement': createEngagement,
    'submit-form': submitForm,
    'delete-contact': deleteContact,
  },
  presets: [subscribers, identify, group, track, page, lastPage],
  webhooks,
  importSegment,
});
