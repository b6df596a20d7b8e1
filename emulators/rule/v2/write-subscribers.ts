import { json } from '../../core/index.ts';
import type { Reply } from '../../core/index.ts';
import { readKey, readType } from '../customizations.ts';
import { isObject, readBody } from '../guard.ts';
import type { Call } from '../guard.ts';
import { invalid, refuse } from '../problems.ts';
import { readEmail, readPhone } from '../subscribers.ts';
import type { Subscriber } from '../subscribers.ts';
import type { Tag } from '../tags.ts';
import { readValue } from '../values.ts';
import { refuseLargeGroups, writeFields } from '../write-fields.ts';
import type { FieldWrite } from '../write-fields.ts';
import { showSubscriber } from './show.ts';

const SUBSCRIBERS_MAX = 1_000;

const BODY_KEYS = [
  'subscribers',
  'tags',
  'update_on_duplicate',
  'automation',
  'sync_subscribers',
  'fields_clear',
  'require_opt_in',
  'auto_create_tags',
  'language',
] as const;
const AUTOMATIONS: readonly unknown[] = [undefined, false, 'reset', 'force'];

/** `POST /v2/subscribers`: one or many, with tags and fields, created or updated. */
export function postSubscribers(call: Call): Reply {
  const { state, version } = call;
  const body = readBody(call, BODY_KEYS);
  const given = body['subscribers'];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > SUBSCRIBERS_MAX) {
    return refuse(version, 413, 'TooManySubscribers', `At most ${String(SUBSCRIBERS_MAX)} subscribers.`);
  }
  if (!AUTOMATIONS.includes(body['automation'])) invalid(version, 'automation', 'The automation is unknown.');
  const updates = body['update_on_duplicate'] === true;
  const drafts = list.map((one) => readDraft(call, one, updates));
  const tags = state.tags.take(version, body['tags']);
  const automation = body['automation'] ?? 'send';
  const write = (): readonly Subscriber[] => drafts.map((draft) => writeDraft(call, draft, tags, automation));

  if (drafts.length > state.switches.asyncAbove) {
    state.later(write);
    return json(200, { success: true, message: 'The subscribers are being imported.' });
  }
  const written = write();
  const shown = written.map((subscriber) => showSubscriber(subscriber));
  const suppressed = written.filter((subscriber) => subscriber.suppressed.size > 0).map(({ email }) => email);
  return json(200, {
    message: 'Success',
    ...(state.switches.v2AnswerNamesSubscriber
      ? Array.isArray(given)
        ? { subscribers: shown }
        : { subscriber: shown[0] }
      : {}),
    ...(suppressed.length === 0 ? {} : { suppressed }),
  });
}

/** `PUT /v2/subscribers/{id}`. */
export function putSubscriber(call: Call, subscriber: Subscriber): Reply {
  const body = readBody(call, ['email', 'phone_number', 'language', 'fields']);
  const draft = readParts(call, body);
  refuseTaken(call, subscriber, draft);
  refuseLargeGroups(call.version, subscriber, draft.writes);
  apply(call, subscriber, draft);
  return json(200, { message: 'Success', subscriber: showSubscriber(subscriber) });
}

interface Parts {
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly language: string | undefined;
  readonly writes: readonly FieldWrite[];
}

interface Draft extends Parts {
  readonly known: Subscriber | undefined;
}

function readDraft(call: Call, given: unknown, updates: boolean): Draft {
  const { state, version } = call;
  if (!isObject(given)) return invalid(version, 'subscribers', 'A subscriber is an object.');
  const parts = readParts(call, given);
  if (parts.email === undefined && parts.phone === undefined) {
    return invalid(version, 'subscribers', 'A subscriber needs email or phone_number.');
  }
  // "Existing subscribers (matched by email or phone) are updated": npm @rulecom/client 0.4.0-beta.7.
  const known =
    (parts.email === undefined ? undefined : state.subscribers.find('email', parts.email)) ??
    (parts.phone === undefined ? undefined : state.subscribers.find('phone_number', parts.phone));
  if (known !== undefined && !updates) {
    return refuse(version, 409, 'DuplicateSubscriber', 'The subscriber exists already.');
  }
  refuseTaken(call, known, parts);
  if (known !== undefined) refuseLargeGroups(version, known, parts.writes);
  return { ...parts, known };
}

function readParts({ state, version }: Call, given: Readonly<Record<string, unknown>>): Parts {
  const fields = given['fields'] ?? [];
  if (!Array.isArray(fields)) return invalid(version, 'fields', 'The fields must be a list.');
  const language = given['language'];
  if (language !== undefined && (typeof language !== 'string' || !/^[a-z]{2}$/.test(language))) {
    return invalid(version, 'language', 'The language must be a code of ISO 639-1.');
  }
  const writes = fields.map((one: unknown): FieldWrite => {
    if (!isObject(one)) return invalid(version, 'fields', 'A field is an object.');
    const [groupName, fieldName] = readKey(version, one['key']);
    const known = state.customizations.find(groupName)?.fields.get(fieldName);
    const type = known?.type ?? readType(version, one['type'] ?? 'text');
    const value = readValue(version, `${groupName}.${fieldName}`, type, one['value']);
    const group = state.customizations.group(groupName);
    return { group, field: state.customizations.field(group, fieldName, type), value };
  });
  return {
    email: readEmail(version, given['email']),
    phone: readPhone(version, given['phone_number']),
    language: typeof language === 'string' ? language : undefined,
    writes,
  };
}

function refuseTaken({ state, version }: Call, known: Subscriber | undefined, { email, phone }: Parts): void {
  const holders = [
    email === undefined ? undefined : state.subscribers.find('email', email),
    phone === undefined ? undefined : state.subscribers.find('phone_number', phone),
  ];
  if (holders.every((holder) => holder === undefined || holder === known)) return;
  if (state.switches.phoneOfAnother === '409') {
    refuse(version, 409, 'DuplicateSubscriber', 'Another subscriber has this email or phone number.');
  }
  refuse(version, 422, 'ValidationError', 'The given data was invalid.', {
    phone_number: ['The phone number has already been taken.'],
  });
}

function writeDraft(call: Call, draft: Draft, tags: readonly Tag[], automation: unknown): Subscriber {
  // Of an import, an earlier line may have made it.
  const known =
    draft.known ??
    (draft.email === undefined ? undefined : call.state.subscribers.find('email', draft.email));
  const subscriber = known ?? call.state.subscribers.create({});
  apply(call, subscriber, draft);
  addTags(subscriber, tags, automation);
  return subscriber;
}

function apply({ state }: Call, subscriber: Subscriber, { email, phone, language, writes }: Parts): void {
  state.subscribers.identify(subscriber, {
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone_number: phone }),
  });
  if (language !== undefined) subscriber.language = language;
  writeFields(state, subscriber, writes);
}

/** Adds tags, and starts the automations that wait for them. */
export function addTags(subscriber: Subscriber, tags: readonly Tag[], automation: unknown): void {
  for (const tag of tags) {
    subscriber.tags.add(tag);
    if (typeof automation !== 'string') continue;
    const hasFired = subscriber.automations.some((fired) => fired.tag === tag.name);
    if (automation !== 'send' || !hasFired) subscriber.automations.push({ tag: tag.name, mode: automation });
  }
}
