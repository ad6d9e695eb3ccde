/** What only the process knows, and its three streams. */
export interface Program {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Aborts: stop. */
  readonly signal: AbortSignal;
  /** The product of a command. */
  readonly out: (text: string) => void;
  /** Progress, notes and errors. */
  readonly err: (text: string) => void;
  /** How many characters wide the terminal is that reads `err`. Undefined where a file or a pipe does. */
  readonly columns?: number | undefined;
  /** All of standard input. */
  readonly input: () => Promise<string>;
}

/** Exit statuses. `interrupted` is what shells expect of Ctrl-C. */
export const exit = {ok: 0, failed: 1, usage: 2, interrupted: 130} as const;

export interface Command {
  readonly usage: string;
  /** Gives the exit status. Throws UsageError, CommandError or Interruption for what a person must read. */
  run(argv: readonly string[], program: Program): Promise<number>;
}

/** What went wrong, in words for a person; the exit status is 1. */
export class CommandError extends Error {}
