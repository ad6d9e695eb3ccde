import {spawn} from 'node:child_process';
import type {Socket} from 'node:net';
import path from 'node:path';
import {removeHome} from './home.ts';

/** Something that removes a cluster. */
export interface Guard {
  readonly release: () => Promise<void>;
}

// The kernel closes standard input when the process at its other end stops the cluster, or ends in any way, SIGKILL included.
// A shell waits for that because a waiting Node takes 80 MB.
const watch = 'trap "" INT TERM HUP; cat >/dev/null; exec "$@"';

/** Starts a watchdog: the cluster goes when `release` is called, or when this process ends, however it ends. */
export function guard(directory: string): Guard {
  const remove = [process.execPath, path.join(import.meta.dirname, 'remove.ts'), directory];
  const child = spawn('sh', ['-c', watch, 'drayage-watchdog', ...remove], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {PATH: process.env['PATH']},
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  // Neither the watchdog nor the pipes to it keep this process running.
  child.unref();
  (child.stdin as Socket).unref();
  (child.stderr as Socket).unref();
  child.stdin.on('error', () => {});
  return {
    async release() {
      child.ref();
      child.stdin.end();
      await ended;
      // Where the watchdog failed or was killed, this finds the directory still there.
      await removeHome(directory).catch((error: unknown) => {
        throw new Error(`the cluster in ${directory} could not be removed${complaint && `: ${complaint}`}`, {cause: error});
      });
    },
  };
}
