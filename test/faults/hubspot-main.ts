/**
 * HubSpot as a process of its own that may be killed at any moment: the emulator, with a journal that each write to
 * a contact goes to before it is answered, and from which a new process takes up its memory. Calls take time, so
 * that a kill finds some under way: before they take effect, and after.
 */
import { openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEFAULT_PORTAL_ID, hubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotState } from '../../emulators/hubspot/index.ts';
import { startEmulator } from '../../emulators/core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../emulators/core/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { LAST, markOf, MARKS, PERSON, PROPERTIES, readJournal, repairJournal } from './vendor-journal.ts';
import type { VendorCall, VendorWrite } from './vendor-journal.ts';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    journal: { type: 'string', default: '' },
    /** How long a call takes at the most, half of it before it takes effect. */
    'latency-ms': { type: 'string', default: '300' },
  },
});
const latencyMs = Number(options['latency-ms']);

type Properties = Readonly<Record<string, string | undefined>>;

repairJournal(options.journal);
const remembered = readJournal(options.journal).flatMap(({ writes }) => writes);
const journal = openSync(options.journal, 'a');
const underWay = new Set<number>();

const emulator = await startEmulator(
  {
    ...hubspotEmulator,
    routes: hubspotEmulator.routes.map((route) => (isWrite(route) ? kept(route) : route)),
  },
  { port: Number(options.port) },
);
emulator.admin.seed({
  portals: [
    {
      portalId: DEFAULT_PORTAL_ID,
      properties: PROPERTIES.map((name) => ({
        groupName: 'contactinformation',
        name,
        label: name,
        type: 'number',
        fieldType: 'number',
      })),
      contacts: contactsOf(remembered),
    },
  ],
});
process.stdout.write(`${emulator.url}\n`);

function isWrite({ path }: Route<HubspotState>): boolean {
  return path.endsWith('/batch/upsert') || path.endsWith('/batch/update');
}

function kept(route: Route<HubspotState>): Route<HubspotState> {
  return { ...route, handle: (request, state) => handle(route, request, state) };
}

async function handle(
  route: Route<HubspotState>,
  request: EmulatorRequest,
  state: HubspotState,
): Promise<Reply> {
  const arrivedMs = systemClock.now();
  const writes = writesOf(request);
  const overlaps = writes.map(({ person }) => person).filter((person) => underWay.has(person));
  const started = writes.map(({ person }) => person).filter((person) => !underWay.has(person));
  for (const person of started) underWay.add(person);
  try {
    await systemClock.sleep((latencyMs / 2) * Math.random());
    const reply = await route.handle(request, state);
    if (reply.status === 200 || overlaps.length > 0) {
      const call: VendorCall = {
        arrivedMs,
        tookEffectMs: systemClock.now(),
        // A batch in part refused does not come about by what the runs send; counting none of it would show as a loss.
        writes: reply.status === 200 ? writes : [],
        ...(overlaps.length === 0 ? {} : { overlaps }),
      };
      writeSync(journal, `${JSON.stringify(call)}\n`);
    }
    await systemClock.sleep((latencyMs / 2) * Math.random());
    return reply;
  } finally {
    for (const person of started) underWay.delete(person);
  }
}

function writesOf(request: EmulatorRequest): readonly VendorWrite[] {
  const { inputs } = JSON.parse(request.body.toString('utf8')) as {
    readonly inputs: readonly { readonly properties: Properties }[];
  };
  return inputs.map(({ properties }) => toWrite(properties));
}

function toWrite(properties: Properties): VendorWrite {
  const marks = PROPERTIES.slice(2).flatMap((name) => properties[name] ?? []);
  return {
    person: Number(properties[PERSON]),
    last: Number(properties[LAST]),
    values: marks.map(Number).sort((a, b) => a - b),
  };
}

function contactsOf(writes: readonly VendorWrite[]): { readonly properties: Record<string, string> }[] {
  const people = new Map<number, Record<string, string>>();
  for (const { person, last, values } of writes) {
    const known = people.get(person) ?? { email: emailOf(person), [PERSON]: String(person) };
    for (const value of values.slice(-MARKS)) known[markOf(value)] = String(value);
    known[LAST] = String(last);
    people.set(person, known);
  }
  return [...people.values()].map((properties) => ({ properties }));
}

function emailOf(person: number): string {
  return `person.${String(person)}@example.com`;
}
