import type {ContainerDefinition} from './ecs.ts';
import {escapeDollars} from './dollar.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {readonly secretKeyRef: {readonly name: string; readonly key: string}};
}

/** Environment in its order, each name once. The API server stores no empty value, so none is written. */
export function environmentOf(container: ContainerDefinition, path: string, report: Report): readonly EnvVar[] {
  const variables = container.environment ?? [];
  const values = new Map<string, string>();
  for (const [index, {name, value, valueFrom}] of variables.entries()) {
    const here = at(path, 'environment', index);
    if (valueFrom !== undefined) {
      const message = 'A variable of environment has a value; move this one to secrets, where valueFrom belongs.';
      report({path: at(here, 'valueFrom'), level: 'refused', reason: 'ValueFromInEnvironment', message});
    }
    checkName(name, at(here, 'name'), report);
    if (value !== undefined && /\{\{.*\}\}|\$\$\$\w+\$\$\$|^<[A-Z][A-Z0-9_]*>$/.test(value)) {
      const message = 'The value looks like something that a pipeline was to fill in; the container gets it as it stands, as in ECS.';
      report({path: at(here, 'value'), level: 'approximated', reason: 'PlaceholderKept', message});
    }
    if (values.has(name)) {
      const message = 'The variable is set more than once; the last value counts.';
      report({path: here, level: 'approximated', reason: 'DuplicateVariable', message});
    }
    values.set(name, value ?? '');
  }
  return [...values].map(([name, value]) => (value === '' ? {name} : {name, value: escapeDollars(value)}));
}

/** What Kubernetes takes since 1.34: printable ASCII without "=". */
export function checkName(name: string, path: string, report: Report): void {
  if (/^[\x20-\x3c\x3e-\x7e]+$/.test(name)) return;
  const message = 'Kubernetes takes names of printable ASCII characters without "="; rename the variable.';
  report({path, level: 'refused', reason: 'EnvironmentNameInvalid', message});
}
