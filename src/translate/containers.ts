import type {Context} from './context.ts';
import type {ContainerDefinition} from './ecs.ts';
import {escapeDollars} from './dollar.ts';
import {environmentOf} from './environment.ts';
import {variablesFromFiles} from './environment-files.ts';
import {at} from './field-path.ts';
import type {Firelens} from './firelens.ts';
import {probesOf} from './health.ts';
import {imageOf, isDigest} from './image.ts';
import {labelName} from './names.ts';
import type {ContainerPort} from './networking.ts';
import type {Report} from './note.ts';
import type {Place} from './order.ts';
import {containerResources, type Round} from './resources.ts';
import {secretVariables} from './secrets.ts';
import {securityContext} from './security.ts';
import {mountsOf} from './storage.ts';

export interface InTask {
  readonly path: string;
  readonly place: Place;
  readonly ports: readonly ContainerPort[];
  readonly round: Round;
  readonly firelens: Firelens;
}

/** One container as it stands in the pod. */
export function containerOf(container: ContainerDefinition, inTask: InTask, context: Context): Readonly<Record<string, unknown>> {
  const {path, place} = inTask;
  const {entryPoint, command, workingDirectory, interactive, pseudoTerminal, healthCheck} = container;
  const {report} = context;
  const env = [
    ...environmentOf(container, path, report),
    ...secretVariables(container, path, context),
    ...(inTask.firelens.env.get(container.name) ?? []),
  ];
  const envFrom = variablesFromFiles(container, path, context);
  const resources = containerResources(container, inTask.round);
  const security = securityContext(container, path, report);
  const mounts = [...mountsOf(container, path, report), ...(inTask.firelens.mounts.get(container.name) ?? [])];
  const image = imageOf(container, path, context);
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
    ...(healthCheck === undefined ? {} : probesOf(healthCheck, place, at(path, 'healthCheck'), report)),
    ...(security === undefined ? {} : {securityContext: security}),
    ...(interactive === true ? {stdin: true} : {}),
    ...(pseudoTerminal === true ? {tty: true} : {}),
    ...(place === 'sidecar' ? {restartPolicy: 'Always'} : {}),
  };
}

function nameOf(container: ContainerDefinition, path: string, report: Report): string {
  const name = labelName(container.name);
  if (name !== container.name) {
    const message = `The container is called ${name} in the pod: Kubernetes takes 63 characters of a-z, 0-9 and "-".`;
    report({path: at(path, 'name'), level: 'approximated', reason: 'NameNormalised', message});
  }
  return name;
}
