import {addedName} from './added-objects.ts';
import {askForSecret} from './ask-for-secret.ts';
import type {Context} from './context.ts';
import type {ContainerDefinition} from './ecs.ts';
import {checkName, type EnvVar} from './environment.ts';
import {at} from './field-path.ts';
import {fingerprint} from './fingerprint.ts';
import type {NeededValue} from './needs.ts';
import {valueSourceOf} from './value-from.ts';

interface Asked {
  readonly name: string;
  readonly valueFrom: string;
}

/** `secrets`, as variables that a Secret of the container's own holds. */
export function secretVariables(container: ContainerDefinition, path: string, context: Context): readonly EnvVar[] {
  const {secrets = [], environment = []} = container;
  for (const [index, {name}] of secrets.entries()) {
    checkName(name, at(path, 'secrets', index, 'name'), context.report);
    const isTwice = secrets.findIndex((other) => other.name === name) !== index;
    if (!isTwice && !environment.some((other) => other.name === name)) continue;
    const message = 'Another variable of the container has this name, and ECS takes none twice; remove one.';
    context.report({path: at(path, 'secrets', index, 'name'), level: 'refused', reason: 'DuplicateVariable', message});
  }
  const reference = secretOf(secrets, {list: at(path, 'secrets'), what: 'secrets', container: container.name}, context);
  return secrets.map(({name}) => ({name, valueFrom: {secretKeyRef: reference(name)}}));
}

/**
 * Asks for a Secret with the values that a list of `{name, valueFrom}` names, and gives where each of them is. Its name
 * follows from where the values come from.
 */
export function secretOf(
  asked: readonly Asked[],
  {list, what, container}: {readonly list: string; readonly what: string; readonly container: string},
  context: Context,
): (name: string) => {readonly name: string; readonly key: string} {
  const values = asked.flatMap(({name, valueFrom}, index): readonly (readonly [string, NeededValue])[] => {
    const source = valueSourceOf(valueFrom);
    // Normalising has refused every other form.
    if (typeof source === 'string') return [];
    return [[keyOf(name), {path: at(list, index), what: `${name} of container ${container}`, source}]];
  });
  const sources = values.map(([key, {source}]) => [key, source]);
  const name = addedName(context, what, [container, sources]);
  if (asked.length > 0) askForSecret({is: 'values', name, values: Object.fromEntries(values)}, context);
  return (variable) => ({name, key: keyOf(variable)});
}

/** A Secret's key has letters, digits, ".", "-" and "_", where the name of a variable may have anything. */
function keyOf(name: string): string {
  const isLegal = /^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]{1,253}$/.test(name);
  return isLegal ? name : `v-${fingerprint(name)}`;
}
