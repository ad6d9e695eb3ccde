import type {Context} from './context.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {containerOf, type InTask} from './containers.ts';
import {mayEndWithAny} from './endings.ts';
import {at} from './field-path.ts';
import {hostSettingsOf} from './host-settings.ts';
import {memoryVolumesOf} from './memory-volumes.ts';
import {firelensOf} from './firelens.ts';
import {addNodeLogs} from './logs.ts';
import {labelName} from './names.ts';
import {podNetwork} from './network-mode.ts';
import {hostAliasesOf} from './networking.ts';
import type {Report} from './note.ts';
import {order, places, type Place} from './order.ts';
import {portsOf} from './ports.ts';
import {osOf, platformOf} from './platform.ts';
import {diskOf, podSecurity, reapsBySharing, reportSwitches} from './pod-settings.ts';
import {prefillsOf} from './prefill.ts';
import {pullSecretsOf} from './repository-credentials.ts';
import {podResources, roundingOf} from './resources.ts';
import {volumesOf} from './storage.ts';
import {taskRoleOf} from './task-role.ts';

type Json = Readonly<Record<string, unknown>>;

/** The pod that one task is. The definition is one that ECS takes (normalizeTaskDefinition). */
export function podOf(task: TaskDefinition, context: Context): Json {
  const {report} = context;
  const placed = places(task.containerDefinitions);
  const ports = portsOf(task, context);
  const round = roundingOf(task);
  const disk = diskOf(task, placed, report);
  const firelens = firelensOf(task, context);
  const built = new Map(
    task.containerDefinitions.map((container, index) => {
      const path = at('containerDefinitions', index);
      const place = placed.get(container.name) ?? 'main';
      const inTask = {task, path, placed, place, ports: ports[index] ?? [], round, firelens, ...(disk?.of === container.name ? disk : {})};
      reportDependencies(container, inTask, report);
      return [container.name, containerOf(container, inTask, context)] as const;
    }),
  );
  const inOrder = order(task.containerDefinitions) ?? [];
  const pick = (isWanted: (place: Place) => boolean): readonly Json[] =>
    inOrder.filter(({name}) => isWanted(placed.get(name) ?? 'main')).flatMap(({name}): readonly Json[] => [built.get(name) ?? {}]);
  const containers = pick((place) => place === 'main');
  const initContainers = pick((place) => place !== 'main');
  if (containers.length === 0) reportNoMain(report);
  reportCollisions(task, report);
  reportSwitches(task, report);
  const resources = podResources(task);
  addNodeLogs(task, context);
  const named = volumesOf(task, context);
  const volumes = [...named, ...(osOf(task) === 'linux' ? memoryVolumesOf(task) : []), ...firelens.volumes];
  const inStartOrder = new Map(inOrder.map(({name}) => [name, built.get(name) ?? {}] as const));
  const first = prefillsOf(task, named, inStartOrder, context);
  const hostAliases = hostAliasesOf(task, report);
  const imagePullSecrets = pullSecretsOf(task, context);
  return {
    // A task has no credentials of the cluster, and no variables for its services.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(context.form === 'task' ? {restartPolicy: 'Never'} : {}),
    ...taskRoleOf(task, context),
    ...podNetwork(task, context),
    ...hostSettingsOf(task, report),
    ...isolation(task, report),
    ...podSecurity(task, context),
    ...platformOf(task, report),
    ...gracePeriod(task, report),
    ...(resources === undefined ? {} : {resources}),
    ...(hostAliases.length === 0 ? {} : {hostAliases}),
    ...(imagePullSecrets.length === 0 ? {} : {imagePullSecrets}),
    ...(volumes.length === 0 ? {} : {volumes}),
    ...(first.length + initContainers.length === 0 ? {} : {initContainers: [...first, ...initContainers]}),
    containers,
  };
}

function reportDependencies(container: ContainerDefinition, {task, path, placed, place}: InTask, report: Report): void {
  const approximated = (where: string, reason: string, message: string): void =>
    report({path: where, level: 'approximated', reason, message});
  for (const [index, {containerName, condition}] of (container.dependsOn ?? []).entries()) {
    const here = at(path, 'dependsOn', index);
    if (condition === 'COMPLETE') {
      const awaited = task.containerDefinitions.find(({name}) => name === containerName);
      if (awaited !== undefined && mayEndWithAny(awaited, task)) continue;
      const message = `${containerName} must exit with 0, as with SUCCESS; with COMPLETE any exit code would do.`;
      approximated(here, 'CompleteTreatedAsSuccess', message);
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

function isolation(task: TaskDefinition, report: Report): Json {
  if (osOf(task) === 'windows') return {};
  const {pidMode, ipcMode} = task;
  if (ipcMode === 'none') {
    const message = 'The containers of a pod share their IPC namespace always.';
    report({path: 'ipcMode', level: 'approximated', reason: 'IpcIsolationUnavailable', message});
  }
  return {
    ...(pidMode === 'host' ? {hostPID: true} : {}),
    ...(pidMode === 'task' || reapsBySharing(task, report) ? {shareProcessNamespace: true} : {}),
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
