import { createHash } from 'node:crypto';
import type { Reply } from './reply.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;padding:0 1rem;max-width:70rem;color:#1c2430;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem}a{color:#0b57a4}code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:#f4f6f8;padding:.75rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #dde3ea;overflow-wrap:anywhere}
th,td:first-child{white-space:nowrap}th{font-weight:600;background:#f4f6f8}nav a{margin-right:1rem}.quiet{color:#5b6775}
@media (prefers-color-scheme:dark){body{background:#14181d;color:#e4e9ef}a{color:#7ab7ff}pre,th{background:#1e242b}th,td{border-color:#313a44}.quiet{color:#9aa7b5}}`;

// No script, no picture, nothing from elsewhere; the one style is this file's own, named by its hash.
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`;

/**
 * A plain page of an emulator. `parts` are HTML: whoever writes them escapes what is not. A page with a form that
 * is answered by a redirect to another site says so, since `form-action` would refuse that too.
 */
export function htmlPage(
  status: number,
  title: string,
  parts: readonly string[],
  forms: 'none' | 'redirecting' = 'none',
): Reply {
  const heading = escapeHtml(title);
  return {
    status,
    headers: {
      'content-type': 'text/html;charset=utf-8',
      'content-security-policy': forms === 'none' ? `${POLICY}; form-action 'none'` : POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${heading}</title><style>${STYLE}</style></head><body><h1>${heading}</h1>\n${parts.join('\n')}\n</body></html>\n`,
  };
}
