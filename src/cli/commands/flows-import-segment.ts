import { LinchpinError } from '../../kernel/errors.ts';
import type { ImportedFlow, ImportedFlows, ImportSegment } from '../../kit/index.ts';
import { formatCount } from '../../ops/amounts.ts';
import { textFlag } from '../command.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const flowsImportSegment: Command = {
  name: 'flows import-segment',
  summary: 'Turn mappings of a Segment HubSpot (Actions) destination into flows',
  args: [['<file>', "the destination's subscriptions as JSON, from Segment's Public API"]],
  flags: [
    { flag: '--from <source>', description: 'the source whose events the flows take', fallback: 'site' },
    { flag: '--to <connection>', description: 'the HubSpot connection they go to', fallback: 'hubspot' },
  ],
  examples: [
    'linchpin flows import-segment subscriptions.json',
    'linchpin flows import-segment subscriptions.json --from app --to hubspot --json',
  ],
  run: async (invocation) => {
    const { output, args } = invocation;
    const importSegment = await loadImporter();
    const file = args[0] ?? '';
    const imported = importSegment(await readJson(file));
    if (imported === undefined) {
      throw new LinchpinError('cli.import_unreadable', {
        message: `${file} holds no mappings of a Segment destination.`,
        field: file,
      });
    }
    const ends = {
      from: textFlag(invocation, 'from') ?? 'site',
      to: textFlag(invocation, 'to') ?? 'hubspot',
    };
    const flows = imported.flows.map((flow) => toYamlFlow(flow, ends));
    output.json({ flows, remarks: imported.remarks });
    if (output.isJson) return EXIT.ok;
    const { stringify } = await import('yaml');
    if (flows.length > 0)
      output.line(stringify({ flows }, { lineWidth: 110, aliasDuplicateObjects: false }).trimEnd());
    for (const line of remarkLines(imported)) output.remark(line);
    return EXIT.ok;
  },
};

// Segment has a destination per service, and HubSpot's is the one whose mappings Linchpin reads.
async function loadImporter(): Promise<ImportSegment> {
  const { connectors } = await import('../../connectors/registry.ts');
  const importSegment = connectors.find(({ id }) => id === 'hubspot')?.importSegment;
  if (importSegment === undefined) throw new TypeError('The HubSpot connector imports nothing.');
  return importSegment;
}

async function readJson(file: string): Promise<unknown> {
  const { readFile } = await import('node:fs/promises');
  const unreadable = (message: string, cause: unknown): LinchpinError =>
    new LinchpinError('cli.import_unreadable', { message, field: file, cause });
  let text: string;
  try {
    text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch (cause) {
    throw unreadable(`${file} cannot be read.`, cause);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unreadable(`${file} is not JSON.`, cause);
  }
}

/** In the order in which people write a flow; without options that are none. */
function toYamlFlow(
  { name, action, when, map, options }: ImportedFlow,
  ends: { from: string; to: string },
): object {
  return {
    name,
    action,
    ...ends,
    ...(when === undefined ? {} : { when }),
    map,
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

/** On standard error, so that the flows can be sent to a file. */
function remarkLines({ flows, remarks }: ImportedFlows): readonly string[] {
  const count = (kind: string): number => remarks.filter((remark) => remark.kind === kind).length;
  const sections = (['left_out', 'differs'] as const).flatMap((kind) => {
    const lines = remarks.filter((remark) => remark.kind === kind);
    if (lines.length === 0) return [];
    const heading =
      kind === 'left_out' ? 'Not carried over:' : 'Carried over, but not the same in every case:';
    return ['', heading, ...lines.map(({ of, path, text }) => `- ${of}, ${path}: ${text}`)];
  });
  return [
    ...sections,
    '',
    `${formatCount(flows.length, 'flow')}, ${String(count('left_out'))} not carried over, ${String(count('differs'))} different. What differs in every flow: docs/from-segment.md`,
  ];
}
