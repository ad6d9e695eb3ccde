import {parseArgs, type ParseArgsOptionsConfig} from 'node:util';

/** A mistake on the command line: the message is for a person, and the exit status is 2. */
export class UsageError extends Error {}

/** The flags of a command, as `parseArgs` knows them. Throws UsageError; nothing but flags is taken. */
export function readFlags<const Options extends ParseArgsOptionsConfig>(argv: readonly string[], options: Options) {
  return parsed(argv, options, false).values;
}

/** The same of a command that takes other words too: `positionals`. A lone `-` is one of them. */
export function readArguments<const Options extends ParseArgsOptionsConfig>(argv: readonly string[], options: Options) {
  return parsed(argv, options, true);
}

function parsed<const Options extends ParseArgsOptionsConfig>(argv: readonly string[], options: Options, allowPositionals: boolean) {
  try {
    return parseArgs({args: [...argv], options, strict: true, allowNegative: true, allowPositionals});
  } catch (error) {
    // Node's advice on `--` does not fit commands that take nothing but flags.
    const [message = ''] = (error as Error).message.split(/(?<=')[.,] (?:To specify|This command)/);
    throw new UsageError(message, {cause: error});
  }
}

/** One of `values`, or `UsageError`. */
export function oneOf<T extends string>(flag: string, given: string, values: readonly T[]): T {
  const found = values.find((value) => value === given);
  if (found === undefined) throw new UsageError(`--${flag} must be one of ${values.join(', ')}, and is ${JSON.stringify(given)}`);
  return found;
}
