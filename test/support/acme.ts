/**
 * The workspace of the minimal configuration, whole: a folder of its own, both vendors' emulators, and the
 * `linchpin` commands run in that folder as a user would.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_TOKEN, startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import { startEmulator } from '../../emulators/core/index.ts';
import { sesamyEmulator } from '../../emulators/sesamy/index.ts';
import { run as runAction } from '../../emulators/sesamy/actions.ts';
import { findServerProcesses } from '../../src/store/embedded/previous-server.ts';
import { caughtUp } from './caught-up.ts';
import { launchProcess, runCommand, startProcess } from './linchpin-process.ts';
import type { FinishedProcess, LinchpinProcess, StartedProcess } from './linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';

// What is not through by then is stuck, even where other tests run beside this one.
const SETTLE_MS = 30_000;

export const WRITE_KEY = 'wk_test';
export const TOKEN = 'whs_test';

type HubspotEmulator = Awaited<ReturnType<typeof startHubspotEmulator>>;
type SesamyEmulator = Awaited<ReturnType<typeof startSesamy>>;
const startSesamy = () => startEmulator(sesamyEmulator);

type Contact = Readonly<Record<string, string>>;

export interface Acme {
  readonly folder: string;
  readonly hubspot: HubspotEmulator;
  readonly sesamy: SesamyEmulator;
  /** Starts `linchpin up`, which ends with the test's workspace at the latest. */
  up(...flags: readonly string[]): Promise<LinchpinProcess>;
  /** Starts `linchpin worker` beside it, listening for questions about its health. */
  worker(...flags: readonly string[]): Promise<LinchpinProcess>;
  /** The same without waiting until it listens. */
  launch(): StartedProcess;
  /** Runs a command in the folder to its end. */
  run(...args: readonly string[]): Promise<FinishedProcess>;
  /** Runs a command with --json and parses what it printed: one document, or one in each line. */
  ask(...args: readonly string[]): Promise<readonly unknown[]>;
  /** Writes linchpin.yaml. */
  configure(yaml: string): void;
  /** Changes the text of linchpin.yaml. */
  reconfigure(from: string, to: string): void;
  /** Makes something happen at the subscription platform; what it answers. */
  act(verb: string, input: object): unknown;
  /** The same, until all that follows from it has been delivered. */
  happens(verb: string, input: object): Promise<unknown>;
  /** Contacts in HubSpot by their primary address. */
  contacts(): ReadonlyMap<string, Contact>;
  /** Resolves when no reader is behind and nothing waits for another attempt. */
  settled(timeoutMs?: number): Promise<void>;
  /** Processes of the embedded PostgreSQL. */
  postgresPids(): readonly number[];
  close(): Promise<void>;
}

/** The configuration of the first page of the documentation, against these two vendors. */
export function minimalConfiguration(hubspotUrl: string, sesamyUrl: string): string {
  return `workspace: acme
sources:
  site:    { type: segment, write_key: ${WRITE_KEY} }
  sesamy:  { type: sesamy, token: ${TOKEN}, api_url: "${sesamyUrl}", client_id: id, client_secret: secret }
connections:
  hubspot: { connector: hubspot, access_token: "\${HUBSPOT_ACCESS_TOKEN}", base_url: "${hubspotUrl}", plan: professional }
flows:
  - { preset: hubspot/subscribers, from: sesamy, to: hubspot }
  - { preset: hubspot/identify,    from: site,   to: hubspot }
`;
}

export async function makeAcme(): Promise<Acme> {
  const folder = makeTemporaryFolder();
  const hubspot = await startHubspotEmulator();
  const sesamy = await startSesamy();
  const file = join(folder, 'linchpin.yaml');
  const dataDir = join(folder, 'data');
  const options = { cwd: folder, env: { HUBSPOT_ACCESS_TOKEN: DEFAULT_TOKEN } };
  const processes: StartedProcess[] = [];
  const configure = (yaml: string): void => {
    writeFileSync(file, yaml);
  };
  const run = (...args: readonly string[]): Promise<FinishedProcess> => runCommand(args, options);
  const cluster = join(dataDir, 'postgres');
  const postgresPids = (): readonly number[] => (existsSync(cluster) ? findServerProcesses(cluster) : []);
  configure(minimalConfiguration(hubspot.url, sesamy.url));
  const start = async (command: 'up' | 'worker', flags: readonly string[]): Promise<LinchpinProcess> => {
    const started = await startProcess([command, '--port', '0', ...flags], options);
    processes.push(started);
    return started;
  };
  return {
    folder,
    hubspot,
    sesamy,
    configure,
    run,
    postgresPids,
    reconfigure: (from, to) => {
      const text = readFileSync(file, 'utf8');
      if (!text.includes(from)) throw new Error(`linchpin.yaml does not hold ${from}.`);
      configure(text.replace(from, to));
    },
    up: (...flags) => start('up', flags),
    worker: (...flags) => start('worker', flags),
    launch: () => {
      const launched = launchProcess(['up', '--port', '0'], options);
      processes.push(launched);
      return launched;
    },
    ask: async (...args) => {
      const { code, stdout, stderr } = await run(...args, '--json');
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}: ${stdout}${stderr}`);
      return stdout
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown);
    },
    act: (verb, input) => runAction(sesamy.state, verb, input).body,
    happens: async (verb, input) => {
      const { body } = runAction(sesamy.state, verb, input);
      await sesamy.webhooks.settled();
      const lost = sesamy.webhooks.list().filter(({ state }) => state !== 'delivered');
      if (lost.length > 0) throw new Error(`${String(lost.length)} webhooks of the platform did not arrive.`);
      await caughtUp(dataDir, SETTLE_MS);
      return body;
    },
    contacts: () => contactsIn(hubspot),
    settled: (timeoutMs = SETTLE_MS) => caughtUp(dataDir, timeoutMs),
    close: async () => {
      // The first runs PostgreSQL, which the others need to leave in order.
      for (const each of processes.toReversed()) await each.stop();
      for (const pid of postgresPids()) process.kill(pid, 'SIGKILL');
      await Promise.all([hubspot.close(), sesamy.close()]);
      removeFolder(folder);
    },
  };
}

function contactsIn(hubspot: HubspotEmulator): ReadonlyMap<string, Contact> {
  const { portals } = hubspot.admin.state(new URLSearchParams({ limit: '1000000' })) as {
    readonly portals: readonly { readonly contacts: readonly { readonly properties: Contact }[] }[];
  };
  return new Map(
    (portals[0]?.contacts ?? []).map(({ properties }) => [properties['email'] ?? '', properties]),
  );
}
