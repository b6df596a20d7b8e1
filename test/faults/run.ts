/** The program behind `npm run faults`; tools/faults.mjs builds what it runs and hands the paths over. */
import { parseArgs } from 'node:util';
import { runCrashMatrix } from './crash-matrix.ts';
import { SABOTAGES } from './sabotage.ts';
import { playScenario } from './scenarios.ts';
import { runSoak } from './soak.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    rate: { type: 'string' },
    soak: { type: 'string' },
    sabotage: { type: 'string' },
    sound: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    linchpin: { type: 'string', default: '' },
    hubspot: { type: 'string', default: '' },
  },
});
const programs = { linchpin: values.linchpin, hubspot: values.hubspot };
const seed = Number(values.seed);

process.exitCode = (await runChosen()) ? 0 : 1;

function runChosen(): Promise<boolean> {
  if (values.sabotage !== undefined) return sabotaged(values.sabotage);
  return values.soak === undefined ? crashMatrix() : soak(Number(values.soak));
}

async function crashMatrix(): Promise<boolean> {
  const rate = values.rate === undefined ? {} : { perSecond: Number(values.rate) };
  const rounds = Number(values.rounds);
  const report = await runCrashMatrix({ programs, rounds, seed, ...rate, onRound: say });
  show('Crash matrix', report);
  return (
    report.lost + report.order_violations + report.crashes + report.dead_letters === 0 &&
    report.duplicates <= report.duplicates_bound
  );
}

/** Succeeds when the harness finds fault with the broken build, or, with --sound, none with the real one. */
async function sabotaged(name: string): Promise<boolean> {
  const sabotage = SABOTAGES.find((known) => known === name);
  if (sabotage === undefined) {
    say(`There is no sabotage ${name}; known: ${SABOTAGES.join(', ')}.`);
    return false;
  }
  const report = await playScenario(programs, sabotage, { isSound: values.sound });
  show(values.sound ? `The story of ${name}, on the real build` : `Sabotage: ${name}`, report);
  return (report.violations.length === 0) === values.sound;
}

async function soak(minutes: number): Promise<boolean> {
  const perSecond = Number(values.rate ?? '500');
  const report = await runSoak({ programs, minutes, perSecond, seed, onSample: say });
  show('Soak', report);
  return report.violations.length === 0;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function show(title: string, figures: object): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return;
  }
  process.stdout.write(`${title}\n\n`);
  for (const [name, value] of Object.entries(figures)) {
    const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
    process.stdout.write(`  ${name.padEnd(20)} ${shown}\n`);
  }
}
