/** A program that a fault run starts, kills and starts again, and that must never end by itself. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Program {
  /** For reports: `worker-2`. */
  readonly name: string;
  /** A built program, not `bin/linchpin.js`: a run must not build anew when a source changes meanwhile. */
  readonly main: string;
  readonly args: () => readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints when it is ready. */
  readonly ready: RegExp;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

// What is kept of its output, to show when it fails; a long run logs without end.
const OUTPUT_LENGTH_MAX = 20_000;

export class KillableProcess {
  readonly #program: Program;
  #child: Child | undefined;
  #output = '';
  #ready = '';
  #endedByItself = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  get name(): string {
    return this.#program.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What `ready` found in its output, its first group when it has one. */
  get ready(): string {
    return this.#ready;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** How often it ended without having been told to. */
  get endedByItself(): number {
    return this.#endedByItself;
  }

  /** The end of what it has written. */
  output(): string {
    return this.#output;
  }

  async start(): Promise<void> {
    const { name, main, args, cwd, env = {}, ready } = this.#program;
    if (this.#child !== undefined) return;
    const child = spawn(process.execPath, ['--enable-source-maps', main, ...args()], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_LENGTH_MAX);
      });
    }
    child.once('exit', () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#endedByItself += 1;
    });
    this.#ready = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const found = ready.exec(line);
        if (found !== null) resolve(found[1] ?? found[0]);
      });
      child.once('exit', (code) => {
        reject(new Error(`${name} ended with ${String(code)} before it was ready:\n${this.#output}`));
      });
    });
  }

  /** SIGKILL, and wait for the end. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** SIGTERM, and wait for the end. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Keeps it from running while it goes on to exist: a long pause of the machine, a debugger. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
