import {spawn} from 'node:child_process';

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 and more when a signal ended it. */
  readonly code: number;
}

/** Runs a program to its end. Does not throw for an exit status; does when it cannot be started. */
export function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv, input?: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {env, stdio: ['pipe', 'pipe', 'pipe']});
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), code: code ?? 128}),
    );
    // It may end without reading all of its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
