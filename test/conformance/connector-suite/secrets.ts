/** Finds the secrets of settings in what is kept or shown. */
import { Redacted } from '../../../src/kernel/redacted.ts';

/** The values of all secrets, however deep they stand. */
export function secretsIn(settings: unknown): readonly string[] {
  if (settings instanceof Redacted) return [settings.reveal()];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.values(settings).flatMap(secretsIn);
}

/** A sentence for each secret that stands in it, in any spelling in which it could be used; without the secret. */
export function leaksIn(what: string, shown: unknown, secrets: readonly string[]): readonly string[] {
  const text = JSON.stringify(shown) ?? '';
  return secrets.flatMap((secret, index) => {
    const spellings = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      toBase64(secret),
    ];
    const found = spellings.find((spelling) => text.includes(spelling));
    if (found === undefined) return [];
    const around = text.slice(Math.max(0, text.indexOf(found) - 80), text.indexOf(found));
    return [`${what} holds secret ${String(index + 1)} of the settings, after ${around}`];
  });
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '');
}

/** Answers that quote every secret back, in the places where vendors put words: as some do with a key they refuse. */
export function echoesOf(secrets: readonly string[]): readonly unknown[] {
  const words = secrets.join(' ');
  const one = {
    message: words,
    error: words,
    detail: words,
    title: words,
    reason: words,
    error_description: words,
  };
  return [
    words,
    { ...one, code: words, status: 'error', errors: [one], correlationId: words, instance: words },
    { ...one, error: { ...one, code: words, type: words, error_user_msg: words, fbtrace_id: words } },
    { ...one, errors: { email: [words], base: words }, type: words },
  ];
}
