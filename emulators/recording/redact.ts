import type { Exchange } from './exchange.ts';

export const HIDDEN = 'REDACTED';

// Names of what opens something, in queries, forms and JSON of any depth.
const SECRET_NAME =
  /^(access_token|refresh_token|id_token|token|tokenKey|client_secret|client_assertion|code|code_verifier|hapikey|password|apikey|api_key|secret|signature|newSignature)$/i;
// `/oauth/v1/access-tokens/{token}` and its like.
const TOKEN_IN_PATH = /(\/(?:access|refresh)-tokens\/)[^/?]+/g;
// A token that stands in some text: of private apps, and bearer headers that were echoed.
const TOKEN_IN_TEXT = /\b(pat-[a-z]+\d-[\w-]{8,}|Bearer [\w.~+/=-]{8,})/g;

/** Takes out every secret, those known by name or shape and `known` wherever they stand. */
export function redact(exchange: Exchange, known: readonly string[]): Exchange {
  const clean = (text: string): string => hideKnown(text, known).replaceAll(TOKEN_IN_TEXT, HIDDEN);
  const { body, answer } = exchange;
  return {
    ...exchange,
    path: clean(hideInPath(exchange.path)),
    ...(body === undefined ? {} : { body: clean(hideInBody(body, exchange.contentType)) }),
    ...(answer === undefined ? {} : { answer: clean(hideInBody(answer, exchange.headers['content-type'])) }),
    headers: Object.fromEntries(
      Object.entries(exchange.headers).map(([name, value]) => [name, clean(value)]),
    ),
  };
}

function hideKnown(text: string, known: readonly string[]): string {
  return known.reduce((hidden, secret) => hidden.replaceAll(secret, HIDDEN), text);
}

function hideInPath(path: string): string {
  const cut = path.indexOf('?');
  const bare = (cut === -1 ? path : path.slice(0, cut)).replaceAll(TOKEN_IN_PATH, `$1${HIDDEN}`);
  return cut === -1 ? bare : `${bare}?${hideInForm(path.slice(cut + 1))}`;
}

function hideInForm(text: string): string {
  const fields = new URLSearchParams(text);
  const secret = [...new Set(fields.keys())].filter((name) => SECRET_NAME.test(name));
  // Untouched where there is nothing to hide, so that the spelling of the call is kept.
  if (secret.length === 0) return text;
  for (const name of secret) fields.set(name, HIDDEN);
  return fields.toString();
}

function hideInBody(text: string, contentType = ''): string {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return hideInForm(text);
  if (!contentType.startsWith('application/json')) return text;
  try {
    return JSON.stringify(
      JSON.parse(text, (name, value: unknown) =>
        SECRET_NAME.test(name) && typeof value === 'string' ? HIDDEN : value,
      ),
    );
  } catch {
    // Not JSON after all; what is known by its shape is still taken out.
    return text;
  }
}
