import {wrongFargateSize} from './compute/fargate-rules.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {order} from './order.ts';
import type {Note, Report} from './note.ts';

/** What ECS itself refuses beyond the form of single fields, as far as it concerns fields that are carried. */
export function checkRules(task: TaskDefinition, report: Report): void {
  const refuse = (path: string, reason: string, message: string): void => report({path, level: 'refused', reason, message});
  checkContainers(task.containerDefinitions, refuse);
  checkMounts(task, refuse);
  checkMemory(task, refuse);
  checkFargate(task, refuse);
}

type Refuse = (path: string, reason: Note['reason'], message: string) => void;

function checkContainers(containers: readonly ContainerDefinition[], refuse: Refuse): void {
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const path = at('containerDefinitions', index);
    if (names.has(container.name)) refuse(at(path, 'name'), 'DuplicateName', `Two containers are called ${container.name}; rename one.`);
    names.add(container.name);
  }
  if (!containers.some(isEssential)) {
    refuse('containerDefinitions', 'NoEssentialContainer', 'At least one container must be essential; remove essential: false from one.');
  }
  const wrongBefore = containers.some((container) => container.dependsOn !== undefined) && checkDependencies(containers, refuse);
  if (!wrongBefore && order(containers) === undefined) {
    refuse('containerDefinitions', 'DependencyCycle', 'dependsOn goes round in a circle; remove one of the dependencies.');
  }
}

function checkDependencies(containers: readonly ContainerDefinition[], refuse: Refuse): boolean {
  let isWrong = false;
  for (const [index, container] of containers.entries()) {
    for (const [which, {containerName, condition}] of (container.dependsOn ?? []).entries()) {
      const path = at('containerDefinitions', index, 'dependsOn', which);
      const wrong = wrongDependency(
        containers.find(({name}) => name === containerName),
        condition,
      );
      if (wrong === undefined) continue;
      isWrong = true;
      refuse(path, ...wrong);
    }
  }
  return isWrong;
}

function wrongDependency(on: ContainerDefinition | undefined, condition: string): readonly [string, string] | undefined {
  if (on === undefined) return ['UnknownDependency', 'No container of this task definition has that name.'];
  if (condition === 'HEALTHY' && on.healthCheck === undefined) {
    return ['HealthyWithoutHealthCheck', `${on.name} has no healthCheck, so it can never become HEALTHY; give it one, or wait for START.`];
  }
  if ((condition === 'COMPLETE' || condition === 'SUCCESS') && isEssential(on)) {
    return ['EssentialDependency', `${on.name} is essential, so the task ends when it does; give it essential: false.`];
  }
  return undefined;
}

function checkMounts(task: TaskDefinition, refuse: Refuse): void {
  const volumes = new Set<string>();
  for (const [index, {name}] of (task.volumes ?? []).entries()) {
    if (volumes.has(name)) refuse(at('volumes', index, 'name'), 'DuplicateName', `Two volumes are called ${name}; rename one.`);
    volumes.add(name);
  }
  for (const [index, container] of task.containerDefinitions.entries()) {
    const mounted = new Set<string>();
    for (const [which, {sourceVolume, containerPath}] of (container.mountPoints ?? []).entries()) {
      const path = at('containerDefinitions', index, 'mountPoints', which);
      if (!volumes.has(sourceVolume)) refuse(at(path, 'sourceVolume'), 'UnknownVolume', `volumes has no ${sourceVolume}; add it.`);
      if (mounted.has(containerPath)) refuse(at(path, 'containerPath'), 'DuplicateMount', 'Another volume is mounted there already.');
      mounted.add(containerPath);
    }
  }
}

function checkMemory(task: TaskDefinition, refuse: Refuse): void {
  const total = task.memory === undefined ? undefined : Number(task.memory);
  let reserved = 0;
  for (const [index, container] of task.containerDefinitions.entries()) {
    const path = at('containerDefinitions', index);
    const {memory, memoryReservation} = container;
    reserved += memoryReservation ?? memory ?? 0;
    if (memory === undefined && memoryReservation === undefined && total === undefined) {
      refuse(at(path, 'memory'), 'MemoryMissing', 'Set memory or memoryReservation here, or memory for the whole task.');
    }
    if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
      refuse(at(path, 'memoryReservation'), 'ReservationAboveMemory', 'memoryReservation must not be greater than memory.');
    }
    if (total !== undefined && memory !== undefined && memory > total) {
      refuse(
        at(path, 'memory'),
        'ContainerAboveTask',
        `The container may use more memory than the whole task (${total} MiB); lower it, or raise memory of the task.`,
      );
    }
  }
  if (total !== undefined && reserved > total) {
    refuse('memory', 'ContainersAboveTask', `The containers reserve ${reserved} MiB, the task has ${total}; raise memory or lower theirs.`);
  }
  const units = task.containerDefinitions.reduce((sum, {cpu}) => sum + (cpu ?? 0), 0);
  if (task.cpu !== undefined && units > Number(task.cpu)) {
    refuse('cpu', 'ContainersAboveTask', `The containers ask for ${units} CPU units, the task has ${task.cpu}; raise cpu or lower theirs.`);
  }
}

function checkFargate(task: TaskDefinition, refuse: Refuse): void {
  if (!task.requiresCompatibilities?.includes('FARGATE')) return;
  if (task.networkMode !== 'awsvpc') refuse('networkMode', 'IncompatibleWithFargate', 'FARGATE needs networkMode awsvpc.');
  if (task.cpu === undefined) refuse('cpu', 'IncompatibleWithFargate', 'FARGATE needs cpu for the task, for example "256".');
  if (task.memory === undefined) refuse('memory', 'IncompatibleWithFargate', 'FARGATE needs memory for the task, for example "512".');
  const size = wrongFargateSize(task);
  if (size !== undefined) refuse(size.path, 'InvalidFargateSize', size.message);
}

/** ECS's default is true. */
export function isEssential(container: ContainerDefinition): boolean {
  return container.essential ?? true;
}
