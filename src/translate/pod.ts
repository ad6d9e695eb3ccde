import type {Context} from './context.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {containerOf} from './containers.ts';
import {at} from './field-path.ts';
import {firelensOf} from './firelens.ts';
import {addNodeLogs} from './logs.ts';
import {labelName} from './names.ts';
import {hostAliasesOf, podNetwork, portsOf} from './networking.ts';
import type {Report} from './note.ts';
import {order, places, type Place} from './order.ts';
import {platformOf} from './platform.ts';
import {pullSecretsOf} from './repository-credentials.ts';
import {podResources, roundingOf} from './resources.ts';
import {isEssential} from './rules.ts';
import {volumesOf} from './storage.ts';

type Json = Readonly<Record<string, unknown>>;

/** The pod that one task is. The definition is one that ECS takes (normalizeTaskDefinition). */
export function podOf(task: TaskDefinition, context: Context): Json {
  const {report} = context;
  const placed = places(task.containerDefinitions);
  const ports = portsOf(task, report);
  const round = roundingOf(task);
  const firelens = firelensOf(task, context);
  const built = new Map(
    task.containerDefinitions.map((container, index) => {
      const path = at('containerDefinitions', index);
      const place = placed.get(container.name) ?? 'main';
      reportPlace(container, path, placed, report);
      return [container.name, containerOf(container, {path, place, ports: ports[index] ?? [], round, firelens}, context)] as const;
    }),
  );
  const inOrder = order(task.containerDefinitions) ?? [];
  const pick = (isWanted: (place: Place) => boolean): readonly Json[] =>
    inOrder.filter(({name}) => isWanted(placed.get(name) ?? 'main')).flatMap(({name}): readonly Json[] => [built.get(name) ?? {}]);
  const containers = pick((place) => place === 'main');
  const initContainers = pick((place) => place !== 'main');
  if (containers.length === 0) reportNoMain(report);
  reportCollisions(task, report);
  const resources = podResources(task);
  addNodeLogs(task, context);
  const volumes = [...volumesOf(task, report), ...firelens.volumes];
  const hostAliases = hostAliasesOf(task, report);
  const imagePullSecrets = pullSecretsOf(task, context);
  return {
    // A task has no credentials of the cluster, and no variables for its services.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...podNetwork(task, report),
    ...isolation(task, report),
    ...platformOf(task, report),
    ...gracePeriod(task, report),
    ...(resources === undefined ? {} : {resources}),
    ...(hostAliases.length === 0 ? {} : {hostAliases}),
    ...(imagePullSecrets.length === 0 ? {} : {imagePullSecrets}),
    ...(volumes.length === 0 ? {} : {volumes}),
    ...(initContainers.length === 0 ? {} : {initContainers}),
    containers,
  };
}

function reportPlace(container: ContainerDefinition, path: string, placed: ReadonlyMap<string, Place>, report: Report): void {
  const place = placed.get(container.name) ?? 'main';
  const approximated = (where: string, reason: string, message: string): void =>
    report({path: where, level: 'approximated', reason, message});
  const isRestarted = container.restartPolicy?.enabled === true;
  if (place === 'sidecar' && isEssential(container)) {
    approximated(
      path,
      'EssentialDependencyIsSidecar',
      'Others wait for it, so it runs as a sidecar: it starts before the other containers.',
    );
  } else if (place === 'sidecar' && !isRestarted) {
    const message =
      'It runs as a sidecar: it starts before the essential containers and is started again when it exits; ECS leaves it stopped.';
    approximated(at(path, 'essential'), 'NonEssentialRestarts', message);
  }
  if (isEssential(container) && !isRestarted) {
    const message = 'When it exits it is started again in its pod, alone; ECS stops the whole task and starts another.';
    approximated(at(path, 'essential'), 'EssentialInPlaceRestart', message);
  }
  if (place === 'init') {
    approximated(path, 'InitRetriesInPlace', 'It runs to its end first, and again until it exits with 0; ECS would start a new task.');
  }
  for (const [index, {containerName, condition}] of (container.dependsOn ?? []).entries()) {
    const here = at(path, 'dependsOn', index);
    if (condition === 'COMPLETE') {
      approximated(
        here,
        'CompleteTreatedAsSuccess',
        `${containerName} must exit with 0, as with SUCCESS; with COMPLETE any exit code would do.`,
      );
    } else if (place !== 'main' && placed.get(containerName) === 'main') {
      approximated(here, 'StartOrderNotKept', `As a sidecar it starts before ${containerName}.`);
    } else if (condition === 'START' && place === 'main' && placed.get(containerName) === 'main') {
      approximated(here, 'StopOrderNotKept', `${containerName} starts first, as in ECS; at the end all containers are stopped at once.`);
    }
  }
}

function reportNoMain(report: Report): void {
  const message = 'Every container is waited for by another, and a pod needs one that is not; remove a dependency (HEALTHY or SUCCESS).';
  report({path: 'containerDefinitions', level: 'refused', reason: 'DependenciesNotCarried', message});
}

/** Two names that became one are as good as never, but then nothing may be made. */
function reportCollisions(task: TaskDefinition, report: Report): void {
  const check = (list: string, names: readonly string[]): void => {
    for (const [index, name] of names.entries()) {
      if (names.findIndex((other) => labelName(other) === labelName(name)) === index) continue;
      const message = `It becomes ${labelName(name)} in Kubernetes, as another does; rename one.`;
      report({path: at(list, index, 'name'), level: 'refused', reason: 'NameCollision', message});
    }
  };
  check(
    'containerDefinitions',
    task.containerDefinitions.map(({name}) => name),
  );
  check(
    'volumes',
    (task.volumes ?? []).map(({name}) => name),
  );
}

function isolation({pidMode, ipcMode}: TaskDefinition, report: Report): Json {
  if (ipcMode === 'none') {
    const message = 'The containers of a pod share their IPC namespace always.';
    report({path: 'ipcMode', level: 'approximated', reason: 'IpcIsolationUnavailable', message});
  }
  return {
    ...(pidMode === 'host' ? {hostPID: true} : {}),
    ...(pidMode === 'task' ? {shareProcessNamespace: true} : {}),
    ...(ipcMode === 'host' ? {hostIPC: true} : {}),
  };
}

const defaultStopTimeout = 30;

function gracePeriod(task: TaskDefinition, report: Report): Json {
  const seconds = task.containerDefinitions.map(({stopTimeout}) => stopTimeout ?? defaultStopTimeout);
  const longest = Math.max(...seconds);
  for (const [index, {stopTimeout}] of task.containerDefinitions.entries()) {
    if (stopTimeout === undefined || stopTimeout === longest) continue;
    const message = `A pod has one: the longest of its containers, ${longest} seconds.`;
    report({path: at('containerDefinitions', index, 'stopTimeout'), level: 'approximated', reason: 'StopTimeoutMerged', message});
  }
  return longest === defaultStopTimeout ? {} : {terminationGracePeriodSeconds: longest};
}
