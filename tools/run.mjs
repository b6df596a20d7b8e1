// Running other programs: paths with spaces are safe, and nothing waits for input that never comes.
import { spawn } from 'node:child_process';

/**
 * @typedef {object} Finished
 * @property {number} code exit code; 128 when a signal ended the program, 127 when it could not be started
 * @property {string} output what it wrote, both streams together; empty when it was shown instead
 */

/**
 * Runs a program to its end. With `show` its output goes to this process's standard error (standard output
 * stays free for results), else it is collected.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, show?: boolean, env?: NodeJS.ProcessEnv, uid?: number, gid?: number, timeout?: number, signal?: AbortSignal }} options
 * @returns {Promise<Finished>}
 */
export function run(command, args, { show = false, ...options }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', show ? 2 : 'pipe', show ? 2 : 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
    }
    child.on('error', (error) => {
      resolve({ code: 127, output: `${command} could not be started: ${error.message}` });
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 128, output });
    });
  });
}

/** Tells the reader what is being done; on standard error, so that `--json` output stays clean.
 * @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
