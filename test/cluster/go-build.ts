import {execFile, spawn} from 'node:child_process';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';
import type {ToolSet} from './tool-sets.ts';

const run = promisify(execFile);
const progressMs = 10_000;
// -mod=readonly: the committed go.mod and go.sum must be enough.
const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false'];

/** All that decides what comes out, beside the module files themselves. */
export function linkFlags(set: ToolSet, version: string): string {
  return ['-s -w', set.ldflags?.(version)].filter(Boolean).join(' ');
}

/** Builds every program of the set into `into` (made when missing). Prints progress on stderr; throws with the end of Go's output. */
export async function goBuild(set: ToolSet, version: string, moduleFolder: string, into: string): Promise<void> {
  await requireGo(moduleFolder);
  await mkdir(into, {recursive: true});
  await Promise.all(
    Object.entries(set.data ?? {}).map(async ([name, files]) => writeFile(path.join(into, name), await joined(set, moduleFolder, files))),
  );
  const [names, packages] = [Object.keys(set.programs), Object.values(set.programs)];
  // Several programs are named by Go after their packages; one alone (etcd's package is `server`) by us.
  const output = names.length === 1 ? path.join(into, names[0] ?? '') : `${into}/`;
  const tags = set.tags === undefined ? [] : ['-tags', set.tags];
  await compile(set.name, moduleFolder, ['build', '-v', ...flags, ...tags, '-ldflags', linkFlags(set, version), '-o', output, ...packages]);
}

async function compile(name: string, cwd: string, args: readonly string[]): Promise<void> {
  const started = Date.now();
  let [downloaded, compiled] = [0, 0];
  const tail: string[] = [];
  const say = (what: string) => process.stderr.write(`${name}: ${what}, ${Math.round((Date.now() - started) / 1000)} s\n`);
  const counts = () => (compiled === 0 && downloaded > 0 ? `${downloaded} modules downloaded` : `${compiled} packages compiled`);
  say('building with Go');
  const timer = setInterval(() => say(counts()), progressMs);
  try {
    const child = spawn('go', args, {cwd, env: goEnvironment(), stdio: ['ignore', 'ignore', 'pipe']});
    const exited = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    for await (const line of createInterface({input: child.stderr})) {
      if (line.startsWith('go: downloading ')) downloaded++;
      // `go build -v` prints one import path for each package that it compiles, and nothing for what its cache has.
      else if (/^[\w.~/-]+$/.test(line)) compiled++;
      else if (tail.push(line) > 20) tail.shift();
    }
    if ((await exited) !== 0) throw new Error(`go build failed for ${name}:\n${tail.join('\n')}`);
  } finally {
    clearInterval(timer);
  }
  say(`built (${counts()})`);
}

async function requireGo(moduleFolder: string): Promise<void> {
  const wanted = /^go (\S+)$/m.exec(await readFile(path.join(moduleFolder, 'go.mod'), 'utf8'))?.[1] ?? '';
  const need = `Go ${wanted} or newer builds the programs that the tests run (https://go.dev/dl)`;
  // In the module's folder, so that a Go with GOTOOLCHAIN=auto switches to the version that go.mod asks for.
  const {stdout} = await run('go', ['env', 'GOVERSION'], {cwd: moduleFolder, env: goEnvironment()}).catch(
    (error: NodeJS.ErrnoException & {stderr?: string}) => {
      throw new Error(
        error.code === 'ENOENT' ? `${need}, and there is no go on PATH.` : `${need}: ${error.stderr?.trim() ?? error.message}`,
      );
    },
  );
  const found = stdout.trim().replace(/^go/, '');
  if (isOlder(found, wanted)) throw new Error(`${need}; found ${found}.`);
}

/** Compares dotted numbers; what follows them (`rc1`, ` X:…`) does not count. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => (/^[\d.]+/.exec(text)?.[0] ?? '').split('.').map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

async function joined(set: ToolSet, cwd: string, files: readonly string[]): Promise<string> {
  await run('go', ['mod', 'download', set.module ?? ''], {cwd, env: goEnvironment()});
  const {stdout} = await run('go', ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', set.module ?? ''], {cwd, env: goEnvironment()});
  const texts = await Promise.all(files.map((file) => readFile(path.join(stdout.trim(), file), 'utf8')));
  return texts.join('\n---\n');
}

function goEnvironment(): NodeJS.ProcessEnv {
  // A go.work or a vendoring GOFLAGS of the person's must not change what is built.
  return {...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: ''};
}
