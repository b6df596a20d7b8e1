/** Headers that a configuration or an event may set, and those that only the one who sends may. */

// Of one hop and not of the message (RFC 9110 section 7.6.1), or made of what is sent.
const RESERVED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

// What a receiver checks, so nobody else may write it: Standard Webhooks, and Svix' names of the same.
const SIGNATURE = /^(webhook|svix)-(id|timestamp|signature)$/;

// RFC 9110 section 5.6.2.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// RFC 9110 section 5.5, without what lies beyond ASCII: receivers disagree on its encoding.
const VALUE = /^[\t\x20-\x7e]*$/;

/** Why a header cannot be set; `undefined` when it can. Never quotes the value. */
export function headerFault(name: string, value: string): string | undefined {
  const lower = name.toLowerCase();
  if (!NAME.test(name)) return 'This is no name of a header.';
  if (RESERVED.has(lower)) return `Linchpin sets ${lower} itself.`;
  if (SIGNATURE.test(lower)) return `${lower} belongs to the signature.`;
  if (!VALUE.test(value)) return 'The value of a header is one line of ASCII text.';
  return undefined;
}
