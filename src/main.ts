#!/usr/bin/env node
import {text} from 'node:stream/consumers';
import {exit} from './cli/command.ts';
import {commands} from './cli/commands.ts';
import {run} from './cli/run.ts';

/** The only file that reads process.*: arguments, environment, streams, signals, exit status. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read it has enough, as `head` does.
  if (error.code === 'EPIPE') process.exit(exit.ok);
  throw error;
});

const signal = stopSignal();
process.exitCode = await run(commands, process.argv.slice(2), {
  environment: process.env,
  version: process.env['DRAYAGE_VERSION'] ?? 'dev',
  signal,
  out: (product) => process.stdout.write(product),
  err: (notes) => process.stderr.write(notes),
  columns: process.stderr.columns,
  input: () => text(process.stdin),
});
// What was under way must not keep a person waiting who has pressed Ctrl-C.
if (process.exitCode === exit.interrupted) process.exit();
// Nor may anything keep the process that forgot to end: where leadership was lost, another one is at work.
setTimeout(() => process.exit(), 1000).unref();

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once, as people expect of Ctrl-C. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exit.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}
