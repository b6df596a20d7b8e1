/** `$phone`, `$email`, `$number`: values brought into the one form that vendors take, or left out. */
import { isSupportedCountry } from 'libphonenumber-js';
import { normaliseEmail, toE164 } from '../../kit/index.ts';
import { toNumber } from '../conditions/operators.ts';
import { isBlank } from './directive.ts';
import type { Evaluate, ReadDirective } from './directive.ts';
import { readFitted } from './options.ts';

/** E.164 (`+46701234567`); numbers without a country's code are read as those of `country`. */
export const readPhone: ReadDirective = (written, place) => {
  const fitted = readFitted(written, place, ['country']);
  if (fitted === undefined) return undefined;
  const { value, options, misfit } = fitted;
  const { country } = options;
  if (country !== undefined && (typeof country !== 'string' || !isSupportedCountry(country))) {
    const remedy = 'Write the two capital letters of ISO 3166, such as SE.';
    return place.problems.add([...place.steps, 'country'], 'The country is not known.', remedy);
  }
  return (scope) => {
    const found = value(scope);
    if (isBlank(found)) return undefined;
    if (typeof found === 'object' || typeof found === 'boolean') return misfit(scope, 'no phone number');
    // A number can only have lost the plus sign of its country's code, or the zero that begins a national one.
    return toE164(String(found), country) ?? misfit(scope, 'no valid phone number');
  };
};

/** Trimmed and in lower case. */
export const readEmail: ReadDirective = (written, place) => {
  const fitted = readFitted(written, place);
  return fitted === undefined
    ? undefined
    : checked(fitted.value, (found, scope) => {
        const email = typeof found === 'string' ? normaliseEmail(found) : undefined;
        return email ?? fitted.misfit(scope, 'no e-mail address');
      });
};

/** A number, or text that is one: digits with a decimal point and no other signs. */
export const readNumber: ReadDirective = (written, place) => {
  const fitted = readFitted(written, place);
  return fitted === undefined
    ? undefined
    : checked(fitted.value, (found, scope) => toNumber(found) ?? fitted.misfit(scope, 'no number'));
};

/** What is absent, null or empty stays absent; the rest is looked at. */
function checked(
  value: Evaluate,
  look: (
    found: Exclude<ReturnType<Evaluate>, undefined>,
    scope: Parameters<Evaluate>[0],
  ) => ReturnType<Evaluate>,
): Evaluate {
  return (scope) => {
    const found = value(scope);
    return isBlank(found) ? undefined : look(found, scope);
  };
}
