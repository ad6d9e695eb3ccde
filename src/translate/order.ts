import type {ContainerDefinition} from './ecs.ts';

/** Where a container stands in the pod: among the containers, or before them to its end (init) or beside them (sidecar). */
export type Place = 'main' | 'sidecar' | 'init';

/** Containers so that each comes after all that it depends on, else as written. Undefined where dependsOn is a circle. */
export function order(containers: readonly ContainerDefinition[]): readonly ContainerDefinition[] | undefined {
  const left = [...containers];
  const ordered: ContainerDefinition[] = [];
  while (left.length > 0) {
    const next = left.findIndex((one) => !dependenciesOf(one).some((name) => left.some((other) => other.name === name)));
    if (next < 0) return undefined;
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

/**
 * The place of each container, by name. Kubernetes waits only for init containers and sidecars: a dependency that must
 * have ended is an init container, one that must be healthy or is not essential a sidecar, and so is whatever those wait for.
 */
export function places(containers: readonly ContainerDefinition[]): ReadonlyMap<string, Place> {
  const awaitedNames = new Set(containers.flatMap(dependenciesOf));
  const conditions = new Map<string, Set<string>>();
  for (const {name, essential, dependsOn = []} of containers) {
    const isLeaf = essential === false && !awaitedNames.has(name);
    for (const {containerName, condition} of dependsOn) {
      // What is not essential and awaited by none must not turn the app that it waits for into a sidecar.
      if (isLeaf && condition === 'HEALTHY') continue;
      conditions.set(containerName, (conditions.get(containerName) ?? new Set()).add(condition));
    }
  }
  const placed = new Map<string, Place>();
  for (const {name, essential} of containers) {
    const awaited = conditions.get(name);
    if (awaited?.has('COMPLETE') || awaited?.has('SUCCESS')) placed.set(name, 'init');
    else placed.set(name, awaited?.has('HEALTHY') || essential === false ? 'sidecar' : 'main');
  }
  for (const container of (order(containers) ?? []).toReversed()) {
    if (!mustPrecede(container, placed, conditions)) continue;
    for (const name of dependenciesOf(container)) if (placed.get(name) === 'main') placed.set(name, 'sidecar');
  }
  const router = routerIn(containers);
  const isMain = (name: string): boolean => placed.get(name) === 'main';
  // A pod needs one container that nothing waits for.
  if (router !== undefined && containers.some(({name}) => name !== router && isMain(name)) && isMain(router)) placed.set(router, 'sidecar');
  return placed;
}

/** The container that others log through: in ECS it starts before them and stops after them. */
function routerIn(containers: readonly ContainerDefinition[]): string | undefined {
  const router = containers.find((one) => one.firelensConfiguration !== undefined && dependenciesOf(one).length === 0)?.name;
  const isUsed = containers.some(({name, logConfiguration}) => name !== router && logConfiguration?.logDriver === 'awsfirelens');
  return isUsed ? router : undefined;
}

// A container that is a sidecar only because it is not essential draws nothing with it: what it waits for is often the app itself.
function mustPrecede(
  container: ContainerDefinition,
  placed: ReadonlyMap<string, Place>,
  conditions: ReadonlyMap<string, Set<string>>,
): boolean {
  const place = placed.get(container.name);
  if (place === 'main') return false;
  return place === 'init' || container.essential !== false || (conditions.get(container.name)?.has('HEALTHY') ?? false);
}

function dependenciesOf(container: ContainerDefinition): readonly string[] {
  return (container.dependsOn ?? []).map(({containerName}) => containerName);
}
