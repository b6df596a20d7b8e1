import { htmlPage, escapeHtml } from '../../core/index.ts';
import type { Reply } from '../../core/index.ts';
import type { App } from './app.ts';

/** What an install link asks for, checked. */
export interface Authorization {
  readonly app: App;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly challenge: string | undefined;
}

/** Which account, and yes or no. The form repeats what the link asked, so that the answer needs no session. */
export function consentPage(
  asked: Authorization,
  portalIds: readonly number[],
  query: URLSearchParams,
): Reply {
  const hidden = [...query]
    .filter(([name]) => name !== 'decision' && name !== 'portalId')
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`);
  const portals = portalIds.map((id) => `<option value="${id}">${id}</option>`);
  const parts = [
    `<p><b>${escapeHtml(asked.app.name)}</b> asks for these scopes:</p>`,
    `<ul>${asked.scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>`,
    `<form method="post" action="/oauth/authorize">`,
    ...hidden,
    `<p><label>Account <select name="portalId">${portals.join('')}</select></label></p>`,
    `<p><button name="decision" value="approve">Connect app</button> <button name="decision" value="deny">Cancel</button></p>`,
    `</form>`,
  ];
  return htmlPage(200, `Connect ${asked.app.name}`, parts, 'redirecting');
}

export function refusalPage(message: string): Reply {
  return htmlPage(400, 'Authorization failed', [`<p>${escapeHtml(message)}</p>`]);
}
