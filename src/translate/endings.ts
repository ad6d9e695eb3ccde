import type {Context} from './context.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {labelName} from './names.ts';
import type {Place} from './order.ts';
import {osOf} from './platform.ts';
import {restartOf, type Restart} from './restart-policy.ts';
import {isEssential} from './rules.ts';
import {hasShell, type Around} from './shell.ts';

/** What follows when a container ends, as far as its place does not say it already. */
export interface Ending extends Restart, Pick<Around, 'ending'> {}

interface Here {
  readonly path: string;
  readonly place: Place;
  readonly placed: ReadonlyMap<string, Place>;
}

/** The ending of one container, with a note wherever ECS's is another. */
export function endingOf(container: ContainerDefinition, task: TaskDefinition, here: Here, context: Context): Ending {
  if (here.place === 'init') return endingOfInit(container, task, here, context);
  const isRestarted = container.restartPolicy?.enabled === true;
  const restart = restartOf(container, task, here, context);
  if (isEssential(container)) {
    reportEssential({container, task, restart}, here, context);
    return restart;
  }
  if (isRestarted) return restart;
  const note = (reason: string, message: string): void =>
    context.report({path: at(here.path, 'essential'), level: 'approximated', reason, message});
  // A command that needs what it starts before would end once and be left, so it is tried again instead.
  const isInTime = (container.dependsOn ?? []).every(({containerName}) => here.placed.get(containerName) !== 'main');
  if (isInTime && osOf(task) === 'linux' && hasShell(container)) {
    note('NonEssentialKeptUp', 'When its command has ended, a shell stays in its place and the task goes on; its log has the exit code.');
    return {...restart, ending: 'KeepUp'};
  }
  const waits = context.form === 'service' ? ', and until then the pod is not ready' : '';
  note(
    'NonEssentialRestarts',
    `It runs as a sidecar: it starts before the essential containers and is started again when it exits, after a wait that grows${waits}; ECS leaves it stopped.`,
  );
  return restart;
}

function endingOfInit(container: ContainerDefinition, task: TaskDefinition, {path}: Here, {form, report}: Context): Ending {
  if (mayEndWithAny(container, task)) return {ending: 'AlwaysZero'};
  if (form === 'service') {
    const message = 'It runs to its end first, and again until it exits with 0; ECS would start a new task.';
    report({path, level: 'approximated', reason: 'InitRetriesInPlace', message});
  }
  return {};
}

/** Whether whatever a container ends with can be made to do for those that wait for it to end. */
export function mayEndWithAny(container: ContainerDefinition, task: TaskDefinition): boolean {
  return !conditionsOn(container, task).has('SUCCESS') && osOf(task) === 'linux' && hasShell(container);
}

/**
 * The containers of a pod whose exit ends the task, by their names there, comma-separated: those that are essential and are not
 * started again by a restart policy of their own.
 */
export const essentialAnnotation = 'ecs.drayage.dev/essential-containers';

/** Tells the operator which exits are to be followed by another task. */
export function endingsAnnotation(task: TaskDefinition, {cluster}: Context): Readonly<Record<string, string>> {
  if ((cluster.essentialContainers ?? 'ReplaceTask') !== 'ReplaceTask') return {};
  const names = endingContainers(task);
  return names === '' ? {} : {[essentialAnnotation]: names};
}

/** The value of that annotation. */
export function endingContainers({containerDefinitions}: TaskDefinition): string {
  const ending = containerDefinitions.filter((one) => isEssential(one) && one.restartPolicy?.enabled !== true);
  return ending.map(({name}) => labelName(name)).join(',');
}

/** The conditions on which others wait for a container. */
export function conditionsOn({name}: ContainerDefinition, task: TaskDefinition): ReadonlySet<string> {
  const dependencies = task.containerDefinitions.flatMap(({dependsOn = []}) => dependsOn);
  return new Set(dependencies.filter(({containerName}) => containerName === name).map(({condition}) => condition));
}

interface Essential {
  readonly container: ContainerDefinition;
  readonly task: TaskDefinition;
  readonly restart: Restart;
}

function reportEssential({container, task, restart}: Essential, {path, place}: Here, {form, cluster, report}: Context): void {
  const note = (where: string, reason: string, message: string): void => report({path: where, level: 'approximated', reason, message});
  if (place === 'sidecar') {
    note(path, 'EssentialDependencyIsSidecar', 'Others wait for it, so it runs as a sidecar: it starts before the other containers.');
  }
  if (form === 'task' || container.restartPolicy?.enabled === true) return;
  if (restart.restartPolicyRules === undefined) {
    const isReplaced = (cluster.essentialContainers ?? 'ReplaceTask') === 'ReplaceTask';
    if (isReplaced && isAllOf(task, container)) return;
    const message = isReplaced
      ? 'When it exits in the first minute of a pod, it is started again there, alone; later the whole task is stopped and another started, as in ECS.'
      : 'When it exits it is started again in its pod, alone; ECS stops the whole task and starts another.';
    note(at(path, 'essential'), 'EssentialInPlaceRestart', message);
    return;
  }
  const message =
    'When it exits, all containers of its pod are killed at once and started again in the same pod; ECS gives them their stopTimeout, and starts another task.';
  note(at(path, 'essential'), 'EssentialRestartsAll', message);
}

/** Whether nothing of the task is left when the container has ended: no other container, and no volume that a pod keeps. */
function isAllOf({containerDefinitions, volumes = []}: TaskDefinition, {linuxParameters}: ContainerDefinition): boolean {
  const keeps = volumes.length > 0 || (linuxParameters?.tmpfs ?? []).length > 0 || linuxParameters?.sharedMemorySize !== undefined;
  return containerDefinitions.length === 1 && !keeps;
}
