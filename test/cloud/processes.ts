import {execFileSync, spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import type {AddressInfo, Socket} from 'node:net';
import {join} from 'node:path';

/** A process as it can be found again: a process id alone may by then be somebody else's. */
export interface ProcessMark {
  readonly name: string;
  readonly pid: number;
  readonly started: string;
}

export interface ProcessGroup {
  readonly marks: readonly ProcessMark[];
  /** Starts a process whose output goes to `<directory>/<name>.log`. */
  start(name: string, command: string, args: readonly string[], env: Readonly<Record<string, string>>): void;
  /** Waits for any HTTP answer at the URL. Rejects with the end of the log where the process exits or `seconds` pass. */
  answers(name: string, url: string, seconds: number): Promise<void>;
  /** Kills all and removes the directory. May be called twice. */
  stop(): Promise<void>;
  /** Lets the processes live on after this one; `killMarked` ends them. */
  release(): void;
}

// Reads process ids from a pipe whose other end closes when its owner dies, however it dies, and then ends what was named.
const guardScript = `
while read -r verb value; do
  case "$verb" in
    pid) pids="$pids $value" ;;
    directory) directory="$value" ;;
    done) exit 0 ;;
  esac
done
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
sleep 0.2
if [ -n "$directory" ]; then rm -rf "$directory"; fi
`;

/** Processes that share a directory and an end: when this process dies, even by SIGKILL, they go and the directory goes. */
export function processGroup(directory: string): ProcessGroup {
  const children = new Map<string, ChildProcess>();
  const marks: ProcessMark[] = [];
  const guard = spawn('sh', ['-c', guardScript], {detached: true, stdio: ['pipe', 'ignore', 'ignore']});
  guard.unref();
  const pipe = guard.stdin as Socket;
  pipe.unref();
  pipe.on('error', () => {});
  pipe.write(`directory ${directory}\n`);

  return {
    marks,
    start(name, command, args, env) {
      const log = openSync(join(directory, `${name}.log`), 'a', 0o600);
      const child = spawn(command, args, {detached: true, stdio: ['ignore', log, log], env: {...env}, cwd: directory});
      closeSync(log);
      child.once('error', () => {});
      if (child.pid === undefined) throw new Error(`Cannot start ${name}: ${command} does not run`);
      pipe.write(`pid ${child.pid}\n`);
      child.unref();
      children.set(name, child);
      marks.push({name, pid: child.pid, started: startTime(child.pid) ?? ''});
    },
    async answers(name, url, seconds) {
      const child = children.get(name);
      for (const until = Date.now() + seconds * 1000; ; await pause(30)) {
        if (!child || child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} exited:\n${logEnd(directory, name)}`);
        if (await fetch(url, {signal: AbortSignal.timeout(2000)}).then(drained, () => false)) return;
        if (Date.now() > until) throw new Error(`${name} gave no answer at ${url} within ${seconds} s:\n${logEnd(directory, name)}`);
      }
    },
    async stop() {
      await Promise.all([...children.values()].map(kill));
      await rm(directory, {recursive: true, force: true, maxRetries: 5});
      pipe.end('done\n');
    },
    release() {
      pipe.end('done\n');
    },
  };
}

/** Ends the processes of an earlier `release`, those that still are what they were. Resolves when they are gone. */
export async function killMarked(marks: readonly ProcessMark[]): Promise<void> {
  for (const {pid, started} of marks) {
    if (startTime(pid) !== started) continue;
    signalGroup(pid);
    while (startTime(pid) === started) await pause(20);
  }
}

/** Whether any of the processes still is what it was. */
export function anyAlive(marks: readonly ProcessMark[]): boolean {
  return marks.some(({pid, started}) => startTime(pid) === started);
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.ref();
  signalGroup(child.pid);
  await exited;
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** When the process was started, in the system's own terms; undefined where there is none (a zombie counts as none). */
function startTime(pid: number): string | undefined {
  try {
    return existsSync('/proc/self/stat') ? startTimeOfProc(pid) : startTimeOfPs(pid);
  } catch {
    return undefined;
  }
}

function startTimeOfProc(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name, in brackets, may hold anything; state is the first field after it and the start time the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function startTimeOfPs(pid: number): string | undefined {
  const [state = '', ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {encoding: 'utf8'})
    .trim()
    .split(/\s+/);
  return state.startsWith('Z') ? undefined : started.join(' ');
}

/** The end of what a process has written. */
export function logEnd(directory: string, name: string): string {
  return readFileSync(join(directory, `${name}.log`), 'utf8')
    .split('\n')
    .slice(-25)
    .join('\n');
}

async function drained(response: Response): Promise<boolean> {
  await response.arrayBuffer();
  return true;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
