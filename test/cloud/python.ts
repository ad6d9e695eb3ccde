import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';

const requirements = join(import.meta.dirname, 'requirements.txt');

/**
 * The `bin` folder of a Python environment that holds exactly what requirements.txt pins, made on first use (about a minute)
 * in `DRAYAGE_CACHE` (default ~/.cache/drayage). Safe to call from several processes at once: the slower one drops its work.
 * `DRAYAGE_PYTHON` names the interpreter (default `python3`); it must be 3.11 or newer, because the pins were resolved for that.
 */
export async function pythonBin(): Promise<string> {
  const text = await readFile(requirements);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const cache = process.env['DRAYAGE_CACHE'] ?? join(homedir(), '.cache', 'drayage');
  const home = join(cache, `python-${hash}`);
  const bin = join(home, 'bin');
  if (existsSync(join(home, 'complete'))) return bin;
  await mkdir(cache, {recursive: true});
  await install(home);
  return bin;
}

async function install(home: string): Promise<void> {
  const python = process.env['DRAYAGE_PYTHON'] ?? 'python3';
  await checkVersion(python);
  const started = performance.now();
  say(`installing moto and ministack into ${home} (once, about a minute)`);
  // A venv's scripts hold its own path, so it cannot be made elsewhere and moved: the file `complete`, written last, says that it is whole.
  const lock = `${home}.lock`;
  if (!(await taken(lock, home))) return;
  try {
    await rm(home, {recursive: true, force: true});
    await run(python, ['-m', 'venv', home], 'make a Python environment (on Debian: apt-get install python3-venv)');
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes', '-r', requirements];
    await run(join(home, 'bin', 'python'), pip, 'install the pinned Python packages');
    await writeFile(join(home, 'complete'), '');
  } finally {
    await rm(lock, {force: true});
  }
  say(`ready after ${Math.round((performance.now() - started) / 1000)} s`);
}

/** Takes the lock (true), or waits until whoever holds it has finished (false). A lock whose holder is dead is broken. */
async function taken(lock: string, home: string): Promise<boolean> {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), {flag: 'wx'});
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (existsSync(join(home, 'complete'))) return false;
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (holder > 0 && !alive(holder)) await rm(lock, {force: true});
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function checkVersion(python: string): Promise<void> {
  const check = 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)';
  await run(python, ['-c', check], `use ${python}: Python 3.11 or newer is needed (name another with DRAYAGE_PYTHON)`);
}

async function run(command: string, args: readonly string[], purpose: string): Promise<void> {
  // pip's own settings (an index, a certificate) are kept; a folder of loose wheels would only meet the hash check and fail.
  const {PIP_FIND_LINKS: _, ...env} = process.env;
  const child = spawn(command, args, {stdio: ['ignore', 2, 2], env});
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`Cannot ${purpose}: ${cause.message}`, {cause})));
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`Cannot ${purpose}: ${command} exited with ${code}`);
}

function say(text: string): void {
  process.stderr.write(`python: ${text}\n`);
}
