import { send } from '../../kit/index.ts';
import type { Check, CheckLine, Steps } from '../../kit/index.ts';
import { collectorUrl } from './settings.ts';
import type { Settings } from './settings.ts';

/** Asks for the page script of the installation, which counts nothing: a pixel would be a conversion. */
export const installationIsThere: Check<Settings> = {
  title: 'Installation',
  *run({ settings }): Steps<readonly CheckLine[]> {
    const { status } = yield* send({
      method: 'GET',
      path: `/${encodeURIComponent(settings.key)}.js`,
      headers: { accept: '*/*', 'user-agent': settings.user_agent },
      accept: [401, 403, 404],
    });
    const collector = collectorUrl(settings);
    if (status >= 300) {
      return [
        {
          ok: false,
          text: `${collector} has no page script for this key (${String(status)})`,
          remedy:
            'Compare subdomain and key with the script address in your pages, //<subdomain>.k5a.io/<key>.js.',
        },
      ];
    }
    return [{ ok: true, text: `${collector} has the page script of this key` }];
  },
};
