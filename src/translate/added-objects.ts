import type {Context} from './context.ts';
import {canonical, fingerprint} from './fingerprint.ts';

/** Names of objects may have 253 characters. */
const longestStem = 200;

/**
 * The name of an object beside the workload: other contents, another name, so that what still runs keeps what it has; and
 * another one for a task than for a service that is called as the task is.
 */
export function addedName({form, settings: {name}}: Pick<Context, 'form' | 'settings'>, what: string, contents: unknown): string {
  const stem = name.slice(0, longestStem).replace(/[-.]+$/, '');
  return `${stem}-${what}-${fingerprint(canonical(form === 'task' ? {task: contents} : contents))}`;
}
