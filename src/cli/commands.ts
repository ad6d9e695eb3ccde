import type {Command} from './command.ts';

export interface Entry {
  readonly name: string;
  /** For the list of commands. */
  readonly summary: string;
  /** Loaded when it is called for: the operator must not carry the others in its memory. */
  load(): Promise<Command>;
}

/** Every command: one entry each. */
export const commands: readonly Entry[] = [
  {
    name: 'operator',
    summary: 'run the operator until SIGTERM',
    load: async () => (await import('./operator.ts')).operatorCommand,
  },
  {
    name: 'plan',
    summary: 'show what would be called on AWS for manifests, and why, without doing it',
    load: async () => (await import('./plan/command.ts')).planCommand,
  },
  {
    name: 'import',
    summary: 'write manifests for what exists in an AWS account',
    load: async () => (await import('./import/command.ts')).importCommand,
  },
  {
    name: 'translate',
    summary: 'show what ECS task definitions become in Kubernetes, and what could not be carried over',
    load: async () => (await import('./translate/command.ts')).translateCommand,
  },
];
