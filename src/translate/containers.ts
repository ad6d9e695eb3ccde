import {acceleratorsOf} from './accelerators.ts';
import type {Context} from './context.ts';
import {devicesOf} from './devices.ts';
import type {ContainerDefinition, TaskDefinition} from './ecs.ts';
import {escapeDollars} from './dollar.ts';
import {conditionsOn, endingOf} from './endings.ts';
import {environmentOf, type EnvVar} from './environment.ts';
import {variablesFromFiles} from './environment-files.ts';
import {at} from './field-path.ts';
import type {Firelens} from './firelens.ts';
import {probesOf, type Watched} from './health.ts';
import {imageOf, isDigest} from './image.ts';
import {reportMetadata} from './metadata.ts';
import {allMountsOf} from './mounts.ts';
import {labelName} from './names.ts';
import type {Report} from './note.ts';
import type {Place} from './order.ts';
import type {ContainerPort} from './ports.ts';
import {osOf} from './platform.ts';
import {containerResources, type Round} from './resources.ts';
import {isEssential} from './rules.ts';
import {secretVariables} from './secrets.ts';
import {securityContext} from './security.ts';
import {inShell} from './shell.ts';
import {openFilesOf} from './ulimits.ts';

export interface InTask {
  readonly task: TaskDefinition;
  readonly path: string;
  readonly placed: ReadonlyMap<string, Place>;
  readonly place: Place;
  readonly ports: readonly ContainerPort[];
  readonly round: Round;
  /** Disk that is reserved with this container, as a quantity. */
  readonly disk?: string;
  readonly firelens: Firelens;
}

/** One container as it stands in the pod. */
export function containerOf(container: ContainerDefinition, inTask: InTask, context: Context): Readonly<Record<string, unknown>> {
  const {task, path, disk} = inTask;
  const {report} = context;
  const {workingDirectory, interactive, pseudoTerminal, healthCheck} = container;
  const os = osOf(task);
  const accelerators = acceleratorsOf(container, path, report);
  const own = [
    ...environmentOf(container, path, report),
    ...secretVariables(container, path, context),
    ...(inTask.firelens.env.get(container.name) ?? []),
  ];
  const env = withDefaults(own, accelerators.env);
  const envFrom = variablesFromFiles(container, path, context);
  const extra = {
    ...(disk === undefined ? {} : {'ephemeral-storage': disk}),
    ...accelerators.limits,
    ...(os === 'linux' ? devicesOf(container, path, context) : {}),
  };
  const resources = containerResources(container, {round: inTask.round, os, extra});
  const security = securityContext(container, os, path, report);
  const mounts = [...allMountsOf(container, task, path, report), ...(inTask.firelens.mounts.get(container.name) ?? [])];
  const image = imageOf(container, path, context);
  const openFiles = os === 'linux' ? openFilesOf(container, path, report) : undefined;
  const {ending, ...restart} = endingOf(container, task, inTask, context);
  const isPlain = ending === undefined && openFiles === undefined;
  const around = {...(ending === undefined ? {} : {ending}), ...(openFiles === undefined ? {} : {openFiles})};
  const {entryPoint, command} = isPlain ? container : inShell(container, around);
  const watched = watchedOf(container, inTask, context);
  reportMetadata(container, path, report);
  return {
    name: nameOf(container, path, report),
    image,
    imagePullPolicy: isDigest(image) ? 'IfNotPresent' : 'Always',
    // A definition that sets entryPoint drops the image's CMD, in Kubernetes as in ECS.
    ...(entryPoint === undefined ? {} : {command: entryPoint.map(escapeDollars)}),
    ...(command === undefined ? {} : {args: command.map(escapeDollars)}),
    ...(workingDirectory === undefined ? {} : {workingDir: workingDirectory}),
    ...(envFrom.length === 0 ? {} : {envFrom}),
    ...(env.length === 0 ? {} : {env}),
    ...(inTask.ports.length === 0 ? {} : {ports: inTask.ports}),
    ...(resources === undefined ? {} : {resources}),
    ...(mounts.length === 0 ? {} : {volumeMounts: mounts}),
    ...(healthCheck === undefined ? {} : probesOf(healthCheck, watched, report)),
    ...(security === undefined ? {} : {securityContext: security}),
    ...(interactive === true ? {stdin: true} : {}),
    ...(pseudoTerminal === true ? {tty: true} : {}),
    ...restart,
  };
}

function watchedOf(container: ContainerDefinition, {task, path, place}: InTask, {form, report}: Context): Watched {
  const {startTimeout} = container;
  const isAwaited = conditionsOn(container, task).has('HEALTHY') && place === 'sidecar';
  const isTasks = form === 'service' && isEssential(container);
  if (startTimeout !== undefined) {
    const message = isAwaited
      ? 'If it is not healthy by then it is started again; ECS would give up and stop the task.'
      : 'Nothing waits for its health, so that it may take as long as it needs.';
    const level = isAwaited ? 'approximated' : 'ignored';
    report({path: at(path, 'startTimeout'), level, reason: isAwaited ? 'StartTimeoutApproximated' : 'StartTimeoutIgnored', message});
  }
  const limit = isAwaited && startTimeout !== undefined ? {startTimeout} : {};
  return {path: at(path, 'healthCheck'), place, os: osOf(task), isAwaited, isTasks, ...limit};
}

function withDefaults(env: readonly EnvVar[], defaults: readonly EnvVar[]): readonly EnvVar[] {
  return [...env, ...defaults.filter(({name}) => !env.some((own) => own.name === name))];
}

function nameOf(container: ContainerDefinition, path: string, report: Report): string {
  const name = labelName(container.name);
  if (name !== container.name) {
    const message = `The container is called ${name} in the pod: Kubernetes takes 63 characters of a-z, 0-9 and "-".`;
    report({path: at(path, 'name'), level: 'approximated', reason: 'NameNormalised', message});
  }
  return name;
}
