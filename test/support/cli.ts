import {spawn} from 'node:child_process';
import path from 'node:path';
import type {Cloud} from '../cloud/start.ts';
import type {Cluster} from '../cluster/start.ts';

export interface CliRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person starts it: in its own process, as the account's root, with the admin's kubeconfig. */
export function cliOf({cloud, cluster}: {readonly cloud: Cloud; readonly cluster: Cluster}) {
  const {accessKeyId, secretAccessKey} = cloud.rootCredentials;
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    KUBECONFIG: cluster.kubeconfig,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...cloud.env,
  };
  /** `interruptAt`: SIGINT once standard error has it. */
  return (args: readonly string[], options: {readonly input?: string; readonly interruptAt?: string} = {}): Promise<CliRun> => {
    const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../src/main.ts'), ...args], {env});
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      const before = err;
      err += chunk.toString();
      const {interruptAt} = options;
      if (interruptAt !== undefined && err.includes(interruptAt) && !before.includes(interruptAt)) child.kill('SIGINT');
    });
    child.stdin.end(options.input ?? '');
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({code, out, err}));
    });
  };
}
