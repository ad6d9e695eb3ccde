import {hasEnded, type SeenContainer, type SeenPod} from './pod-status.ts';
import type {ContainerState} from './schema.ts';
import {cut, startTrouble} from './start-trouble.ts';

/** By the names in the pod: what the containers are called in the task definition, where that is another name. */
const namesAnnotation = 'ecs.drayage.dev/container-names';

/** The containers as describe-tasks shows them: first the essential and other regular ones, then those that start before them. */
export function containerStates(seen: SeenPod): ContainerState[] {
  const {spec, regular, before} = seen;
  const original = originalNames(seen);
  const statuses = new Map([...before, ...regular].map((status) => [status.name, status]));
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({name, image}) => {
    const status = statuses.get(name);
    const ended = hasEnded(seen);
    return {name: original[name] ?? name, ...(image === undefined ? {} : {image}), ...stateOf(status, ended)};
  });
}

function stateOf(status: SeenContainer | undefined, hasPodEnded: boolean): Omit<ContainerState, 'name'> {
  if (status === undefined) return {lastStatus: hasPodEnded ? 'STOPPED' : 'PENDING'};
  const {state, lastState, imageID = ''} = status;
  const digest = /sha256:[0-9a-f]{64}$/.exec(imageID)?.[0];
  const pulled = digest === undefined ? {} : {imageDigest: digest};
  const ended = state?.terminated ?? (hasPodEnded ? lastState?.terminated : undefined);
  const trouble = startTrouble(status);
  if (state?.running !== undefined && !hasPodEnded) return {lastStatus: 'RUNNING', ...pulled};
  if (ended === undefined) {
    const reason = trouble === undefined ? {} : {reason: trouble};
    return {lastStatus: hasPodEnded ? 'STOPPED' : 'PENDING', ...reason, ...pulled};
  }
  const {exitCode, reason = '', message = ''} = ended;
  const why =
    trouble ??
    (reason === 'OOMKilled' ? 'OutOfMemoryError: Container killed due to memory usage' : undefined) ??
    (message === '' || reason === 'Completed' ? undefined : cut(message));
  return {
    lastStatus: 'STOPPED',
    ...(exitCode === undefined || trouble !== undefined ? {} : {exitCode}),
    ...(why === undefined ? {} : {reason: why}),
    ...pulled,
  };
}

function originalNames({pod}: SeenPod): Readonly<Record<string, string>> {
  try {
    return JSON.parse(pod.metadata.annotations?.[namesAnnotation] ?? '{}') as Readonly<Record<string, string>>;
  } catch {
    return {};
  }
}
