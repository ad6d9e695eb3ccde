import {operatorOptions, usage, UsageError} from './options.ts';
import {runOperator} from './operator.ts';

/** The only file that reads process.*: arguments, environment, signals, exit status. */
const [command, ...argv] = process.argv.slice(2);
const version = process.env['DRAYAGE_VERSION'] ?? 'dev';

if (command === 'operator') {
  process.exitCode = await operate();
} else if (command === '--version' || command === 'version') {
  process.stdout.write(`drayage ${version}\n`);
} else {
  const isHelp = command === undefined || command === 'help' || command === '--help' || command === '-h';
  if (!isHelp) process.stderr.write(`drayage: unknown command ${JSON.stringify(command)}\n\n`);
  (isHelp ? process.stdout : process.stderr).write(usage);
  process.exitCode = isHelp ? 0 : 2;
}

async function operate(): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    const options = operatorOptions(argv, process.env);
    return await runOperator(options, {environment: process.env, version, signal: stopSignal()});
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`drayage operator: ${error.message}\n\n${usage}`);
    return 2;
  }
}

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once, as people expect of Ctrl-C. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}
