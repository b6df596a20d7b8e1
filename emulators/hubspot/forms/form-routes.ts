import { empty, json, Refused } from '../../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../core/index.ts';
import { errorReply, invalid, notFound } from '../errors.ts';
import type { Call } from '../guard.ts';
import { guardWithState } from '../guard-with-state.ts';
import { readObject } from '../input.ts';
import { CONTACTS } from '../objects/object-types.ts';
import type { Portal } from '../portal.ts';
import type { HubspotState } from '../state.ts';
import type { Form } from './form.ts';
import { submissionRefused } from './form-errors.ts';
import { submit } from './submit.ts';
import { readSubmission } from './submission-rules.ts';

const SUBMIT = '/submissions/v3/integration';
const REFUSALS_BEFORE_BAR = 10;
const BAR_MS = 60_000;
const SUBMISSIONS_DEFAULT = 20;
const SUBMISSIONS_MAX = 50;

/** Submitting to a form, by a browser without a token or by a server with one, and reading what was submitted. */
export function formRoutes(): Route<HubspotState>[] {
  return [
    { method: 'OPTIONS', path: `${SUBMIT}/submit/:portalId/:formGuid`, handle: () => withCors(empty(204)) },
    {
      method: 'POST',
      path: `${SUBMIT}/submit/:portalId/:formGuid`,
      handle: (request, state) => withCors(submitOpenly(request, state)),
    },
    guardWithState({
      method: 'POST',
      path: `${SUBMIT}/secure/submit/:portalId/:formGuid`,
      scopes: ['forms'],
      kind: 'own',
      handle: submitSecurely,
    }),
    guardWithState({
      method: 'GET',
      path: '/form-integrations/v1/submissions/forms/:formGuid',
      scopes: ['forms'],
      handle: listSubmissions,
    }),
  ];
}

function submitSecurely({ request, portal, now }: Call, state: HubspotState): Reply {
  // The token's account and the address must agree; the wording is assumed.
  if (request.param('portalId') !== String(portal.id)) throw notFound();
  const { formSubmissions, isEnforced } = portal.limits;
  if (isEnforced && portal.forms.secureCalls.count(now) >= formSubmissions) throw tooMany();
  portal.forms.secureCalls.add(now);
  return accept(request, state, portal);
}

/** Errors are thrown and caught here: they too need the headers that let a browser read them. */
function submitOpenly(request: EmulatorRequest, state: HubspotState): Reply {
  const portal = state.portals.get(Number(request.param('portalId')));
  if (portal === undefined) return errorReply(404, { message: 'resource not found' });
  const now = state.clock.now();
  const { forms, limits } = portal;
  try {
    if (limits.isEnforced) {
      const isBarred = now < forms.barredUntil;
      if (isBarred || forms.openCalls.count(now) >= limits.openFormSubmissions) {
        forms.openRefusals.add(now);
        if (forms.openRefusals.count(now) >= REFUSALS_BEFORE_BAR) forms.barredUntil = now + BAR_MS;
        throw tooMany();
      }
    }
    forms.openCalls.add(now);
    return accept(request, state, portal);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function accept(request: EmulatorRequest, state: HubspotState, portal: Portal): Reply {
  const form = getForm(portal, request);
  const submission = readSubmission(request, readObject(request), form, portal, state.switches);
  if (submission.faults.length > 0) throw submissionRefused(submission.faults);
  const isNamed = submission.fields.some(
    ({ name, objectTypeId, value }) => name === 'email' && objectTypeId === CONTACTS && value !== '',
  );
  if (!isNamed && state.switches.formWithoutEmail === 'refuse') {
    throw submissionRefused([{ errorType: 'REQUIRED_FIELD', message: "Required field 'email' is missing" }]);
  }
  submit(state, portal, form, submission);
  return json(
    200,
    form.redirectUri === undefined
      ? { inlineMessage: form.inlineMessage }
      : { redirectUri: form.redirectUri },
  );
}

function listSubmissions({ request, portal }: Call): Reply {
  const form = getForm(portal, request);
  const { query } = request;
  const limit = Number(query.get('limit') ?? SUBMISSIONS_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > SUBMISSIONS_MAX) {
    throw invalid(`limit must be between 1 and ${SUBMISSIONS_MAX}`);
  }
  // Newest first, as the guide's example has it.
  const all = portal.forms.of(form.guid).toReversed();
  const from = Number(query.get('after') ?? 0);
  const next = from + limit;
  return json(200, {
    results: all.slice(from, next).map(({ submittedAt, fields, context }) => ({
      submittedAt,
      values: fields.map(({ name, value, objectTypeId }) => ({ name, value, objectTypeId })),
      pageUrl: typeof context['pageUri'] === 'string' ? context['pageUri'] : '',
    })),
    ...(next < all.length ? { paging: { next: { after: String(next) } } } : {}),
  });
}

function getForm(portal: Portal, request: EmulatorRequest): Form {
  const form = portal.forms.forms.get(request.param('formGuid').toLowerCase());
  if (form !== undefined) return form;
  // Wording assumed.
  throw new Refused(
    errorReply(404, {
      message: `No form found with guid ${request.param('formGuid')}`,
      category: 'OBJECT_NOT_FOUND',
    }),
  );
}

function tooMany(): Refused {
  return new Refused(
    errorReply(429, {
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
      groupName: 'publicapi:forms:submissions',
    }),
  );
}

function withCors(reply: Reply): Reply {
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'content-type',
    },
  };
}
