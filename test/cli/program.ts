import {commands} from '../../src/cli/commands.ts';
import {run} from '../../src/cli/run.ts';

/** Runs a command line in this process, with nothing around it but what is given. */
export async function drayage(
  argv: readonly string[],
  given: {readonly environment?: Readonly<Record<string, string>>; readonly input?: string; readonly signal?: AbortSignal} = {},
): Promise<{readonly code: number; readonly out: string; readonly err: string}> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(commands, argv, {
    environment: {HOME: '/nonexistent', ...given.environment},
    version: '1.2.3',
    signal: given.signal ?? new AbortController().signal,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    input: async () => given.input ?? '',
  });
  return {code, out: out.join(''), err: err.join('')};
}
