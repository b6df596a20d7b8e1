/** Mapping directives and conditions: parse, check, evaluate. Pure. */
export { evaluate, explain } from './conditions/evaluate.ts';
export type { Failure } from './conditions/evaluate.ts';
export type { Condition } from './conditions/condition.ts';
export { parseCondition } from './conditions/parse-condition.ts';
export { documentOf } from './event-document.ts';
export { parseFql } from './fql/parse-fql.ts';
export { parseMapping } from './mapping.ts';
export type { Mapping } from './mapping.ts';
export type { Parsed } from './problem.ts';
