import {execFileSync, spawn, type ChildProcess} from 'node:child_process';
import {closeSync, mkdirSync, openSync, readdirSync, readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

/**
 * What a cluster runs. Each is started with this name as its argv[0] and with the cluster's directory among its arguments,
 * so that a cluster's processes are found by looking: no list of process ids that could be lost or out of date.
 */
const programs = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'node-init',
  'containerd',
  'kubelet',
  'registry',
] as const;
export type Program = (typeof programs)[number];

export interface Running {
  readonly program: Program;
  readonly child: ChildProcess;
  /** Resolves with how it ended. */
  readonly exited: Promise<string>;
  /** The last lines of its log. */
  readonly logTail: (lines?: number) => Promise<string>;
}

/** Starts a program in a session of its own (a Ctrl-C in the terminal reaches only the parent), with its output in `logs/`. */
export function launch(directory: string, program: Program, file: string, args: readonly string[]): Running {
  const logFile = logFileOf(directory, program);
  mkdirSync(path.dirname(logFile), {recursive: true});
  const log = openSync(logFile, 'a');
  const child = spawn(file, args, {
    argv0: program,
    detached: true,
    cwd: directory,
    env: {PATH: process.env['PATH'], HOME: directory, TMPDIR: process.env['TMPDIR']},
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit status ${code}`));
  });
  return {program, child, exited, logTail: (lines = 15) => tailOf(logFile, lines)};
}

export function logFileOf(directory: string, program: Program): string {
  return path.join(directory, 'logs', `${program}.log`);
}

/** Resolves with `work`, or aborts it and throws with the end of the log when the program ends first. */
export async function unlessItEnds<T>({program, exited, logTail}: Running, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const working = work(abort.signal);
  working.catch(() => {});
  return Promise.race([
    working,
    exited.then(async (how) => {
      const error = new Error(`${program} ended while it was being started (${how}):\n${await logTail()}`);
      abort.abort(error);
      throw error;
    }),
  ]);
}

/** Kills every process of the cluster in this directory, and returns when none is left. */
export async function killAll(directory: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  // Twice in a row, because a process may be between fork and exec in the first look.
  for (let quiet = 0; quiet < 2;) {
    const found = processesOf(directory);
    for (const pid of found) kill(pid);
    quiet = found.length === 0 ? quiet + 1 : 0;
    if (Date.now() > deadline) throw new Error(`processes of ${directory} do not die: ${found.join(', ')}`);
    await sleep(50);
  }
}

export function processesOf(directory: string): number[] {
  const known: readonly string[] = programs;
  return everyProcess()
    .filter(({name, command}) => known.includes(name) && command.includes(`${directory}/`))
    .map(({pid}) => pid);
}

interface Seen {
  readonly pid: number;
  readonly name: string;
  readonly command: string;
}

function everyProcess(): readonly Seen[] {
  if (process.platform !== 'linux') {
    const text = execFileSync('ps', ['-axww', '-o', 'pid=,command='], {encoding: 'utf8', maxBuffer: 64 * 1024 * 1024});
    return [...text.matchAll(/^\s*(\d+) (\S+) ?(.*)$/gm)].map(([, pid, name = '', command = '']) => ({
      pid: Number(pid),
      name: path.basename(name),
      command,
    }));
  }
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => {
      const [name = '', ...rest] = commandLine(entry);
      return {pid: Number(entry), name: path.basename(name), command: rest.join(' ')};
    });
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function tailOf(file: string, lines: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
