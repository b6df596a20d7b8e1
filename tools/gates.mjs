// All gates, cheapest first.
import * as boundaries from './gates/boundaries.mjs';
import * as cycles from './gates/cycles.mjs';
import * as deadCode from './gates/dead-code.mjs';
import * as documents from './gates/documents.mjs';
import * as errorCodes from './gates/error-codes.mjs';
import * as fileNames from './gates/file-names.mjs';
import * as format from './gates/format.mjs';
import * as lint from './gates/lint.mjs';
import * as onePlace from './gates/one-place.mjs';
import * as rootEntries from './gates/root-entries.mjs';
import * as secrets from './gates/secrets.mjs';
import * as sizes from './gates/sizes.mjs';
import * as testHabits from './gates/test-habits.mjs';
import * as typecheck from './gates/typecheck.mjs';
import * as words from './gates/words.mjs';

const OWN = [
  boundaries,
  cycles,
  onePlace,
  fileNames,
  words,
  errorCodes,
  sizes,
  rootEntries,
  testHabits,
  secrets,
  documents,
];

/** @type {readonly import('./sources.mjs').Gate[]} */
export const GATES = [...OWN, deadCode, typecheck, lint, format];

/**
 * Runs one gate; one that breaks, or that looks at nothing, is red.
 * @param {import('./sources.mjs').Gate} gate
 * @param {string} root
 * @returns {Promise<import('./sources.mjs').GateResult>}
 */
export async function runGate(gate, root) {
  try {
    const result = await gate.check(root);
    if (result.files > 0 || result.violations.length > 0) return result;
    return { files: 0, violations: ['the gate looked at no file'] };
  } catch (error) {
    return {
      files: 0,
      violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    };
  }
}
