import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {createInterface} from 'node:readline';
import type {ClusterSettings} from './start.ts';

export interface AnotherProcess {
  readonly child: ChildProcess;
  /** Resolves when the cluster is up; rejects when the process ends before that. */
  readonly started: Promise<void>;
  readonly ended: Promise<unknown>;
}

/** Starts a cluster in a process of its own, to be killed. */
export function startInAnotherProcess(settings: ClusterSettings): AnotherProcess {
  const script = path.join(import.meta.dirname, 'start-and-wait.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], {stdio: ['ignore', 'pipe', 'inherit']});
  const ended = once(child, 'close');
  const started = new Promise<void>((resolve, reject) => {
    createInterface({input: child.stdout}).on('line', (line) => line.startsWith('started ') && resolve());
    void ended.then(() => reject(new Error('the process ended without a cluster')));
  });
  started.catch(() => {});
  return {child, started, ended};
}
