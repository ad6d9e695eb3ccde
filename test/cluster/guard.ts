import {spawn} from 'node:child_process';
import type {Socket} from 'node:net';
import path from 'node:path';
import {removeHome} from './home.ts';

/** Something that removes a cluster. */
export interface Guard {
  readonly release: () => Promise<void>;
}

/** Starts a watchdog: the cluster goes when `release` is called, or when this process ends, however it ends. */
export function guard(directory: string): Guard {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'watchdog.ts'), directory], {
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
