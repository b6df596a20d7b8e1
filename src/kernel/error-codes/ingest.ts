import type { ErrorCatalogue } from './error-entry.ts';

/** What senders of events do wrong. */
export const INGEST_ERRORS = {
  'ingest.batch_missing': {
    status: 400,
    title: 'The batch has no list of items',
    remedy: 'Send {"batch": [ … ]}; single calls go to /v1/<call>.',
  },
  'ingest.batch_too_long': {
    status: 400,
    title: 'There are too many items in one call',
    remedy: 'Send at most 2,500 items per call.',
  },
  'ingest.body_not_object': {
    status: 400,
    title: 'The body is not a JSON object',
    remedy: 'Send a JSON object: {"batch": [ … ]} or a single call.',
  },
  'ingest.body_not_utf8': {
    status: 400,
    title: 'The body is not UTF-8',
    remedy: 'Encode the body as UTF-8.',
  },
  'ingest.body_too_large': {
    status: 400,
    title: 'The body is too large',
    remedy: 'Send smaller batches: at most 500 KB of events per call.',
  },
  'ingest.disk_full': {
    status: 503,
    title: 'There is too little free disk to store events',
    remedy: 'Operators: make room, or keep records for fewer days; senders try again by themselves.',
  },
  'ingest.encoding_unsupported': {
    status: 415,
    title: 'The compression of the body is not supported',
    remedy: 'Send the body as gzip or uncompressed.',
  },
  'ingest.event_too_large': {
    status: 400,
    title: 'The event is too large',
    remedy: 'Keep each event below 32 KB.',
  },
  'ingest.field_invalid': {
    status: 400,
    title: 'A field has a wrong value',
    remedy: 'Correct the field that the answer names.',
  },
  'ingest.field_missing': {
    status: 400,
    title: 'A required field is missing',
    remedy: 'Add the field that the answer names.',
  },
  'ingest.gzip_invalid': {
    status: 400,
    title: 'The compressed body is broken',
    remedy: 'Compress the whole body with gzip, or send it uncompressed.',
  },
  'ingest.identity_missing': {
    status: 400,
    title: 'The event belongs to nobody',
    remedy: 'Set userId or anonymousId.',
  },
  'ingest.item_not_object': {
    status: 400,
    title: 'An item is not a JSON object',
    remedy: 'Send each event as an object.',
  },
  'ingest.json_invalid': {
    status: 400,
    title: 'The body is not JSON',
    remedy: 'Send valid JSON; the message names the place where it breaks.',
  },
  'ingest.key_forbidden': {
    status: 400,
    title: 'A key is not allowed',
    remedy: 'Rename the key.',
  },
  'ingest.nesting_too_deep': {
    status: 400,
    title: 'The event is nested too deep',
    remedy: 'Nest at most 64 levels.',
  },
  'ingest.notice_invalid': {
    status: 400,
    title: 'The body is no webhook of this vendor',
    remedy: 'Check that the address belongs to the app that calls it; nothing of the call was kept.',
  },
  'ingest.number_out_of_range': {
    status: 400,
    title: 'A number is too large',
    remedy: 'Send the number as text, or a smaller one.',
  },
  'ingest.overloaded': {
    status: 429,
    title: 'More events are waiting than can be held',
    remedy: 'Send the same again after the time in Retry-After; every client of Segment does by itself.',
  },
  'ingest.signature_invalid': {
    status: 401,
    title: 'The webhook is not signed with the secret of the connection',
    remedy: 'Give the connection the client secret of the app whose webhooks come here, and check the clock.',
  },
  'ingest.source_mismatch': {
    status: 403,
    title: 'The source may not send this',
    remedy: 'Use the key or token of a source of the right type.',
  },
  'ingest.text_invalid': {
    status: 400,
    title: 'A text holds something that is no character',
    remedy: 'Remove the character.',
  },
  'ingest.timestamp_invalid': {
    status: 400,
    title: 'The time of the event cannot be used',
    remedy: 'Send ISO 8601 with a zone, such as 2026-11-21T05:12:00.000Z.',
  },
  'ingest.token_missing': {
    status: 401,
    title: 'There is no bearer token',
    remedy: 'Send Authorization: Bearer <token of the source>.',
  },
  'ingest.token_unknown': {
    status: 401,
    title: 'The bearer token belongs to no source',
    remedy: 'Check the token against the sources in linchpin.yaml.',
  },
  'ingest.type_unknown': {
    status: 400,
    title: 'The type of the call is unknown',
    remedy: 'Set type to identify, track, page, screen, group or alias.',
  },
  'ingest.unavailable': {
    status: 503,
    title: 'Events cannot be stored just now',
    remedy: 'Try again after the time in Retry-After.',
  },
  'ingest.webhook_unknown': {
    status: 404,
    title: 'No connection takes webhooks at this address',
    remedy: 'Call /webhooks/<connection>, and give the connection a webhook secret.',
  },
  'ingest.write_key_missing': {
    status: 401,
    title: 'There is no write key',
    remedy: 'Send the write key as Basic user, as writeKey in the body, or in X-Write-Key.',
  },
  'ingest.write_key_unknown': {
    status: 401,
    title: 'The write key belongs to no source',
    remedy: 'Check the write key against the sources in linchpin.yaml.',
  },
} as const satisfies ErrorCatalogue;
