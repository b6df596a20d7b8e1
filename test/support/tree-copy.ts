/** A copy of the tree, in which a test may add and delete connectors and run tools. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../tools/build.mjs';
import { run } from '../../tools/run.mjs';
import { listFiles } from '../../tools/sources.mjs';

const FOLDERS = ['bin', 'src', 'emulators', 'test', 'tools', 'docs', 'demo'];
const FILES = ['package.json', 'tsconfig.json', '.prettierrc.json', 'README.md', 'ARCHITECTURE.md'];

export class TreeCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'linchpin-tree-'));

  constructor() {
    const isOurs = (path: string): boolean => !/\/(node_modules|planted)$/.test(path);
    for (const name of [...FOLDERS, ...FILES]) {
      cpSync(join(ROOT, name), join(this.root, name), { recursive: true, filter: isOurs });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.root, 'node_modules'));
  }

  list(): readonly string[] {
    return listFiles(this.root, FOLDERS);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
  }

  delete(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }

  /** The complaints of the type checker about these files and all that they import. */
  async typecheck(files: readonly string[]): Promise<readonly string[]> {
    const config = 'tsconfig.part.json';
    this.write(config, JSON.stringify({ extends: './tsconfig.json', files, include: [] }));
    const output = await this.#run('tsc', ['-p', config, '--pretty', 'false']);
    this.delete(config);
    return output.split('\n').filter((line) => line.includes('error TS'));
  }

  /** Runs these tests, without the database that the other tests of the whole need; what failed, by its file. */
  async test(paths: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const config = 'vitest.part.mjs';
    const report = 'vitest.part.json';
    // As the unit tests run: what the files share is loaded once.
    const options = { include: paths, pool: 'threads', isolate: false };
    this.write(config, `export default { test: ${JSON.stringify(options)} };`);
    await this.#run('vitest', ['run', '--config', config, '--reporter', 'json', '--outputFile', report]);
    const { testResults } = JSON.parse(this.read(report)) as Report;
    this.delete(config);
    this.delete(report);
    return new Map(
      testResults.map(({ name, assertionResults }) => [
        name.slice(this.root.length + 1),
        assertionResults.filter(({ status }) => status !== 'passed').map(({ title }) => title),
      ]),
    );
  }

  async #run(program: string, args: readonly string[]): Promise<string> {
    const { output } = await run(join(ROOT, 'node_modules', '.bin', program), args, { cwd: this.root });
    return output;
  }
}

/** As much of vitest's JSON as is read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}
