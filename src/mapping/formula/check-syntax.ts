/** Looks through a formula before it is ever run, and refuses what must not be in one. */
import { FUNCTION_NAMES, RANGE } from './functions.ts';
import type { SyntaxNode } from './jsonata.ts';
import { compileRegex } from './safe-regex.ts';

export interface SyntaxRefusal {
  /** Counted from 1; absent where the syntax tree does not say. */
  readonly position?: number;
  readonly message: string;
  readonly remedy: string;
}

/** Every reason why the formula must not run; empty when it may. Puts bounded ranges in place of plain ones. */
export function checkSyntax(root: SyntaxNode): readonly SyntaxRefusal[] {
  const nodes = nodesOf(root);
  const bound = new Set(nodes.flatMap(boundBy));
  return nodes.flatMap((node) => {
    if (node.type === 'binary' && node.value === '..') boundRange(node);
    const refusal = refuse(node, bound);
    if (refusal === undefined) return [];
    return [node.position === undefined ? refusal : { ...refusal, position: node.position }];
  });
}

function refuse(node: SyntaxNode, bound: ReadonlySet<string>): SyntaxRefusal | undefined {
  const reserved = boundBy(node).find((name) => name.startsWith('_'));
  if (reserved !== undefined) return refuseReserved(reserved);
  if (node.type === 'transform') {
    // Its pattern may lead to the event itself, which it would change under the feet of the next flow.
    const message = 'The formula has a transform, | … | … |.';
    return { message, remedy: 'Make a new object with $merge or { … }.' };
  }
  if (node.type === 'lambda' && node.signature !== undefined) {
    // JSONata checks calls against a signature with a pattern of JavaScript's own engine.
    return { message: 'A function has a signature, <…>.', remedy: 'Leave the signature out.' };
  }
  if (node.type === 'regex' && node.value instanceof RegExp) return refuseRegex(node.value);
  return node.type === 'variable' ? refuseVariable(String(node.value), bound) : undefined;
}

function refuseRegex(written: RegExp): SyntaxRefusal | undefined {
  const reason = compileRegex(written);
  if (reason === undefined) return undefined;
  const remedy = 'Leave out lookarounds and backreferences, and repeat less.';
  return { message: `A pattern cannot be used: ${reason}.`, remedy };
}

/** An underscore begins the names of JSONata's own hooks, which hold the bounds. */
function refuseReserved(name: string): SyntaxRefusal {
  return { message: `The name $${name} begins with "_".`, remedy: 'Choose another name.' };
}

/** `$` and `$$` are the document. */
function refuseVariable(name: string, bound: ReadonlySet<string>): SyntaxRefusal | undefined {
  if (name.startsWith('_')) return refuseReserved(name);
  if (name === '' || name === '$' || name === 'event' || FUNCTION_NAMES.has(name) || bound.has(name))
    return undefined;
  return {
    message: `There is no function or variable $${name} here.`,
    remedy:
      REMEDIES.get(name) ?? `Functions are ${[...FUNCTION_NAMES].map((each) => `$${each}`).join(', ')}.`,
  };
}

const NOT_OF_THE_EVENT =
  'A formula sees its event only, such as timestamp and receivedAt, so that it can be repeated.';
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['now', NOT_OF_THE_EVENT],
  ['millis', NOT_OF_THE_EVENT],
  ['random', NOT_OF_THE_EVENT],
  ['shuffle', NOT_OF_THE_EVENT],
  ['eval', 'Write the formula out.'],
]);

/** The names that a node gives to values: by `:=`, as parameters, or to steps of a path. */
function boundBy({
  type,
  lhs,
  focus,
  index,
  value,
  arguments: parameters = [],
}: SyntaxNode): readonly string[] {
  const names: unknown[] = [focus, type === 'index' ? value : index];
  if (type === 'bind') names.push((lhs as SyntaxNode).value);
  if (type === 'lambda') names.push(...parameters.map((parameter) => (parameter as SyntaxNode).value));
  return names.filter((name): name is string => typeof name === 'string');
}

function boundRange(node: SyntaxNode): void {
  node.type = 'function';
  node.value = '(';
  node.procedure = { type: 'variable', value: RANGE };
  node.arguments = [node.lhs, node.rhs];
  delete node.lhs;
  delete node.rhs;
}

/** The objects of the tree, each once. */
function nodesOf(root: SyntaxNode): readonly SyntaxNode[] {
  const seen = new Set<object>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || next instanceof RegExp || seen.has(next)) continue;
    seen.add(next);
    for (const part of Object.values(next) as readonly unknown[]) waiting.push(part);
  }
  return [...seen];
}
