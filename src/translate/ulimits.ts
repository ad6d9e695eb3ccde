import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';
import {hasShell} from './shell.ts';

// What container runtimes leave a container as its hard limit at the least.
const mostOpenFiles = 65_535;

/**
 * `ulimits`: Kubernetes has none. The soft limit of open files is set by a shell around the command where the definition tells
 * that its image has one; undefined where it is not.
 */
export function openFilesOf(container: ContainerDefinition, path: string, report: Report): number | undefined {
  let openFiles: number | undefined;
  for (const [index, {name, softLimit, hardLimit}] of (container.ulimits ?? []).entries()) {
    const here = at(path, 'ulimits', index);
    if (name === 'nofile' && softLimit > 0 && softLimit <= mostOpenFiles && hasShell(container)) {
      openFiles = softLimit;
      const message = `A shell around the command sets the soft limit; the hard limit is that of the node, not ${hardLimit}.`;
      report({path: here, level: 'approximated', reason: 'UlimitByShell', message});
    } else {
      const message = `Kubernetes sets no ulimits; that of the node counts, not ${softLimit}.`;
      report({path: here, level: 'ignored', reason: 'UlimitsIgnored', message});
    }
  }
  return openFiles;
}
