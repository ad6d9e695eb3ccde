import type {ContainerDefinition} from './ecs.ts';

/** What a shell around a container's command does: what is left once it has ended, and the open files that it is allowed. */
export interface Around {
  /** `KeepUp`: the container stays, idle. `AlwaysZero`: it ends with 0, whatever the command ended with. */
  readonly ending?: 'KeepUp' | 'AlwaysZero';
  /** Soft limit of open files. */
  readonly openFiles?: number;
}

export interface Command {
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
}

// The shell is process 1, which is sent the signals, and which a signal without a trap does not end.
const start =
  'main=; trap \'if [ -n "$main" ]; then kill -TERM "$main" 2>/dev/null; wait "$main"; exit $?; fi; exit 0\' TERM INT QUIT; "$@" & main=$!; wait "$main"';
const endings = {
  KeepUp: `${start}; echo "drayage: the command has ended with $?; its task goes on without it" >&2; while :; do sleep 3600 & main=$!; wait "$main"; done`,
  AlwaysZero: `${start}; exit 0`,
};

/**
 * Whether a shell may be put around a container's command: the definition itself says that its image has one, and what the
 * command is. An image that names its command itself cannot be read here, and most images without a shell say nothing of it.
 */
export function hasShell(container: ContainerDefinition): boolean {
  return shellOf(container) !== undefined && container.interactive !== true && container.pseudoTerminal !== true;
}

/** The command with a shell around it. Only where {@link hasShell}. */
export function inShell(container: ContainerDefinition, {ending, openFiles}: Around): Command {
  const {entryPoint, command} = container;
  const shell = shellOf(container) ?? '/bin/sh';
  const limit = openFiles === undefined ? '' : `ulimit -S -n ${openFiles}; `;
  const around = [shell, '-c', `${limit}${ending === undefined ? 'exec "$@"' : endings[ending]}`, 'sh'];
  if (entryPoint === undefined) return {command: [...around, ...(command ?? [])]};
  return {entryPoint: [...around, ...entryPoint], ...(command === undefined ? {} : {command})};
}

function shellOf({entryPoint, command, healthCheck}: ContainerDefinition): string | undefined {
  const [first] = entryPoint ?? command ?? [];
  if (first !== undefined && /^(\/bin\/|\/usr\/bin\/)?(ba|da|a)?sh$/.test(first)) return first;
  // An image with its own entry point may take the command as that one's arguments.
  return entryPoint !== undefined && healthCheck?.command[0] === 'CMD-SHELL' ? '/bin/sh' : undefined;
}
