import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';
import type {ContainerOverride, TaskOverride} from './run-task-input.ts';

export interface Overridden {
  /** Not checked yet: what is legal alone need not be so together. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** The path of a field of `definition`, where it came from an override the path of that. */
  readonly origin: (path: string) => string;
}

const root = 'runTask.overrides';
const ofTask = ['cpu', 'memory', 'taskRoleArn', 'executionRoleArn', 'ephemeralStorage'] as const;
const ofContainer = ['command', 'environmentFiles', 'cpu', 'memory', 'memoryReservation', 'resourceRequirements'] as const;

/**
 * A task definition with the overrides of RunTask in it, as ECS puts them: each field in the place of the definition's, and
 * `environment` variable by variable. What was written for the definition alone (a sum, a note, a doubled `$`) then holds for both.
 */
export function overridden(definition: TaskDefinition, overrides: TaskOverride | undefined, report: Report): Overridden {
  const origins = new Map<string, string>();
  if (overrides === undefined) return {definition, origin: (path) => path};
  const containers: ContainerDefinition[] = [...definition.containerDefinitions];
  for (const [index, one] of (overrides.containerOverrides ?? []).entries()) {
    const from = at(root, 'containerOverrides', index);
    const which = containers.findIndex(({name}) => name === one.name);
    const container = containers[which];
    if (container === undefined) {
      const message = `The task definition has no container ${one.name}; it has ${containers.map(({name}) => name).join(', ')}.`;
      report({path: at(from, 'name'), level: 'refused', reason: 'UnknownContainer', message});
    } else containers[which] = withContainer(container, one, {from, to: at('containerDefinitions', which), origins});
  }
  const fields = ofTask.filter((field) => overrides[field] !== undefined);
  for (const field of fields) origins.set(field, at(root, field));
  const own = Object.fromEntries(fields.map((field) => [field, copyOf(overrides[field])]));
  return {definition: {...definition, ...own, containerDefinitions: containers}, origin: (path) => originOf(path, origins)};
}

interface Places {
  readonly from: string;
  readonly to: string;
  readonly origins: Map<string, string>;
}

function withContainer(container: ContainerDefinition, one: ContainerOverride, places: Places): ContainerDefinition {
  const {from, to, origins} = places;
  const fields = ofContainer.filter((field) => one[field] !== undefined);
  for (const field of fields) origins.set(at(to, field), at(from, field));
  const environment = environmentWith(container, one, places);
  return {
    ...container,
    ...Object.fromEntries(fields.map((field) => [field, copyOf(one[field])])),
    ...(environment === undefined ? {} : {environment}),
  };
}

function environmentWith(
  {environment = []}: ContainerDefinition,
  one: ContainerOverride,
  {from, to, origins}: Places,
): ContainerDefinition['environment'] {
  if (one.environment === undefined) return undefined;
  const all = [...environment];
  for (const [index, variable] of one.environment.entries()) {
    const there = all.findLastIndex(({name}) => name === variable.name);
    const which = there < 0 ? all.length : there;
    all[which] = copyOf(variable);
    origins.set(at(to, 'environment', which), at(from, 'environment', index));
  }
  return all;
}

function originOf(path: string, origins: ReadonlyMap<string, string>): string {
  let best: readonly [string, string] | undefined;
  for (const entry of origins) {
    const [to] = entry;
    const isIn = path === to || path.startsWith(`${to}.`) || path.startsWith(`${to}[`);
    if (isIn && (best === undefined || to.length > best[0].length)) best = entry;
  }
  return best === undefined ? path : best[1] + path.slice(best[0].length);
}

/** Reads every leaf: what is in the definition from then on is the definition's matter. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
