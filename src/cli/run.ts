import {Interruption} from '../kinds/outcome.ts';
import {CommandError, exit, type Program} from './command.ts';
import type {Entry} from './commands.ts';
import {UsageError} from './flags.ts';

/** Finds the command and runs it. Gives the exit status. */
export async function run(commands: readonly Entry[], argv: readonly string[], program: Program): Promise<number> {
  const [name, ...rest] = argv;
  switch (name) {
    case undefined:
    case '-h':
    case '--help':
      program.out(overview(commands));
      return exit.ok;
    case 'help':
      return help(commands, rest, program);
    case 'version':
    case '--version':
      program.out(`drayage ${program.version}\n`);
      return exit.ok;
  }
  const entry = commands.find((each) => each.name === name);
  if (entry === undefined) return unknown(name, program);
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    program.out(command.usage);
    return exit.ok;
  }
  try {
    return await command.run(rest, program);
  } catch (error) {
    if (program.signal.aborted && error === program.signal.reason) return exit.interrupted;
    if (error instanceof UsageError) {
      program.err(`drayage ${name}: ${error.message}\nRun 'drayage ${name} --help' for its flags.\n`);
      return exit.usage;
    }
    if (!(error instanceof CommandError || error instanceof Interruption)) throw error;
    program.err(`drayage ${name}: ${error.message}\n`);
    return exit.failed;
  }
}

async function help(commands: readonly Entry[], [name]: readonly string[], program: Program): Promise<number> {
  if (name === undefined) {
    program.out(overview(commands));
    return exit.ok;
  }
  const entry = commands.find((each) => each.name === name);
  if (entry === undefined) return unknown(name, program);
  program.out((await entry.load()).usage);
  return exit.ok;
}

function unknown(name: string, program: Program): number {
  program.err(`drayage: unknown command ${JSON.stringify(name)}\nRun 'drayage help' for the list.\n`);
  return exit.usage;
}

function overview(commands: readonly Entry[]): string {
  const rows = [
    ...commands,
    {name: 'help', summary: 'show this list, or the flags of a command'},
    {name: 'version', summary: 'show the version'},
  ];
  return `Usage: drayage COMMAND [flags]

Amazon ECR and Amazon ECS in Kubernetes.

${rows.map(({name, summary}) => `  ${name.padEnd(10)}${summary}`).join('\n')}

'drayage help COMMAND' shows its flags. Exit status: 0 done, 1 failed or refused, 2 wrong usage.
`;
}
