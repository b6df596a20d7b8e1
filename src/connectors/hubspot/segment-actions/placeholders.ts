import { segmentSteps, toPath } from './segment-path.ts';

/** A template cut into its fixed texts and, between them, the paths of its placeholders as Linchpin writes them. */
export function placeholders(template: string): {
  readonly texts: readonly string[];
  readonly paths: readonly string[];
} {
  const parts = template.split(/\{\{\{([^}]+)\}\}\}|\{\{([^}]+)\}\}/);
  const texts: string[] = [];
  const paths: string[] = [];
  // Of two groups per placeholder one has matched.
  for (let index = 0; index < parts.length; index += 3) {
    texts.push(parts[index] ?? '');
    const written = parts[index + 1] ?? parts[index + 2];
    if (written !== undefined) paths.push(toPath(segmentSteps(written.trim())));
  }
  return { texts, paths };
}
