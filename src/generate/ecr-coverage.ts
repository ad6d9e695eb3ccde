import type {Definition} from '../schema/definition.ts';
import {notForControlPlane} from './ecr-operations.ts';
import {kebab, marker} from './text.ts';

/** A client of the AWS SDK, by the IAM prefix of its actions, with all the operations that it has. */
export interface SdkClient {
  readonly service: string;
  readonly name: string;
  readonly operations: readonly string[];
}

/** The operations of an SDK client's module: one command class for each. */
export function operationsOf(module: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(module)
    .flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? [])
    .toSorted();
}

/** Each operation that AWS has: which kinds call it, or why none does. Throws where neither is known, or both. */
export function ecrCoverage(clients: readonly SdkClient[], definitions: readonly Definition[]): string {
  return [
    `<!-- ${marker} -->`,
    '# What of ECR is covered',
    '',
    'Every operation that the AWS SDK knows: which kinds call it, or why a control plane does not need it.',
    ...clients.flatMap((client) => section(client, definitions)),
    '',
  ].join('\n');
}

function section({service, name, operations}: SdkClient, definitions: readonly Definition[]): readonly string[] {
  const rows = operations.map((operation) => ({operation, users: usersOf(`${service}:${operation}`, definitions)}));
  const used = rows.filter(({users}) => users.length > 0).length;
  return [
    '',
    `## ${name}`,
    '',
    `${operations.length} operations: ${used} are called, ${operations.length - used} are not needed.`,
    '',
    '| Operation | Called by, or why not |',
    '| --- | --- |',
    ...rows.map(
      ({operation, users}) => `| \`${operation}\` | ${users.length > 0 ? users.join(', ') : reason(`${service}:${operation}`)} |`,
    ),
  ];
}

function usersOf(action: string, definitions: readonly Definition[]): readonly string[] {
  const users = definitions.filter(({actions = []}) => actions.includes(action));
  if (users.length > 0 && notForControlPlane[action] !== undefined) {
    throw new TypeError(`${action} is called by ${users.map(({kind}) => kind).join(', ')}: take it out of ecr-operations.ts`);
  }
  return users.map(({kind}) => `[${kind}](reference/${kebab(kind)}.md)`);
}

function reason(action: string): string {
  const why = notForControlPlane[action];
  if (why === undefined) throw new TypeError(`${action} is called by no kind: say why in ecr-operations.ts`);
  return why;
}
