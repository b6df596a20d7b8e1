/** `$formula`: what no other directive can say, in JSONata. */
import { compileFormula, FormulaFailed } from '../formula/formula.ts';
import { MappingStop } from './directive.ts';
import type { ReadDirective } from './directive.ts';

export const readFormula: ReadDirective = (written, { steps, problems }) => {
  if (typeof written !== 'string' || written.trim() === '') {
    return problems.add(
      steps,
      'A formula is text.',
      'Write JSONata such as "$sum(properties.products.price)".',
    );
  }
  const compiled = compileFormula(written);
  if (!compiled.ok) {
    for (const { message, remedy, position } of compiled.refusals) {
      problems.add(
        steps,
        position === undefined ? message : `At character ${String(position)}: ${message}`,
        remedy,
      );
    }
    return undefined;
  }
  return ({ item, event }) => {
    try {
      return compiled.formula.evaluate(item, event);
    } catch (error) {
      if (error instanceof FormulaFailed) throw new MappingStop(steps, error.message);
      throw error;
    }
  };
};
