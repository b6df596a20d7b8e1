import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { caughtUp } from '../support/caught-up.ts';
import { startProcess } from '../support/linchpin-process.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';

export const HUBSPOT_TOKEN = 'pat-na1-emulator';

/** Linchpin on its embedded PostgreSQL and the HubSpot emulator, two processes of their own. */
export interface LinchpinAndHubspot {
  readonly linchpin: LinchpinProcess;
  readonly hubspot: LinchpinProcess;
  /** Posts a body of Segment's to a path of ingest; throws unless it was accepted. */
  readonly accept: (path: string, body: object) => Promise<void>;
  readonly acceptBatch: (batch: readonly object[]) => Promise<void>;
  /** Ends when everything accepted has been delivered. */
  readonly caughtUp: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface LinchpinAndHubspotOptions {
  readonly plan: 'professional' | 'enterprise';
  /** As they stand in linchpin.yaml, from the source `site` to the connection `hubspot`. */
  readonly flows: readonly string[];
  /** Done with the emulator before Linchpin starts. */
  readonly prepare?: (hubspotUrl: string) => Promise<void>;
}

export async function startLinchpinAndHubspot({
  plan,
  flows,
  prepare,
}: LinchpinAndHubspotOptions): Promise<LinchpinAndHubspot> {
  const folder = makeTemporaryFolder();
  const hubspot = await startProcess(['emulate', 'hubspot', '--port', '0'], { cwd: folder });
  await prepare?.(hubspot.url);
  writeFileSync(
    join(folder, 'linchpin.yaml'),
    `
workspace: bench
sources:
  site: { type: segment, write_key: wk_bench }
connections:
  hubspot: { connector: hubspot, access_token: ${HUBSPOT_TOKEN}, base_url: "${hubspot.url}", plan: ${plan} }
flows:
${flows.map((flow) => `  - ${flow}`).join('\n')}
`,
  );
  const linchpin = await startProcess(['up', '--config', 'linchpin.yaml', '--data', 'data', '--port', '0'], {
    cwd: folder,
  });
  const accept = async (path: string, body: object): Promise<void> => {
    const answer = await request(`${linchpin.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('wk_bench:').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${String(answer.statusCode)}: ${text}`);
  };
  return {
    linchpin,
    hubspot,
    accept,
    acceptBatch: (batch) => accept('/v1/batch', { sentAt: new Date().toISOString(), batch }),
    // As long as it takes: a suite is no test.
    caughtUp: () => caughtUp(join(folder, 'data'), 600_000),
    stop: async () => {
      await linchpin.stop();
      await hubspot.stop();
      removeFolder(folder);
    },
  };
}
