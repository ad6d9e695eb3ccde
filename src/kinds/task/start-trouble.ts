import type {SeenContainer, SeenPod} from './pod-status.ts';

/** By the kubelet's words: what ECS's agent calls what keeps a container from starting. */
const troubles: Readonly<Record<string, string>> = {
  ErrImagePull: 'CannotPullContainerError',
  ImagePullBackOff: 'CannotPullContainerError',
  ErrImageNeverPull: 'CannotPullContainerError',
  InvalidImageName: 'CannotPullContainerError',
  ImageInspectError: 'CannotPullContainerError',
  RegistryUnavailable: 'CannotPullContainerError',
  SignatureValidationFailed: 'CannotPullContainerError',
  CreateContainerConfigError: 'ResourceInitializationError',
  CreateContainerError: 'CannotCreateContainerError',
  RunContainerError: 'CannotStartContainerError',
  StartError: 'CannotStartContainerError',
  ContainerCannotRun: 'CannotStartContainerError',
};

const longest = 1000;

/**
 * How long a pod may try, in seconds from when it came to its node. ECS's agent tries a pull five times within seconds; a pull secret
 * that is made together with its namespace may come later than that.
 */
export const startSeconds = 60;

/** What keeps a container from being started: ECS's word for it and what the node says. Undefined where nothing does. */
export function startTrouble({state}: SeenContainer): string | undefined {
  const {reason = '', message = ''} = state?.waiting ?? state?.terminated ?? {};
  const word = troubles[reason];
  return word === undefined ? undefined : cut(`${word}: ${message === '' ? reason : message}`);
}

/** The first container of a pod that cannot be started. */
export function troubleOf({before, regular}: SeenPod): string | undefined {
  for (const container of [...before, ...regular]) {
    const trouble = startTrouble(container);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

export function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
