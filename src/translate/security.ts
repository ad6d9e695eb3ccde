import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {windowsSecurity} from './gmsa.ts';
import type {Report} from './note.ts';
import {securityOptionsOf} from './security-options.ts';

/** `user`, `privileged`, `readonlyRootFilesystem`, capabilities and security options as a container's securityContext. */
export function securityContext(
  container: ContainerDefinition,
  os: 'linux' | 'windows',
  path: string,
  report: Report,
): Readonly<Record<string, unknown>> | undefined {
  const context = os === 'windows' ? windowsSecurity(container, path, report) : linuxSecurity(container, path, report);
  return Object.keys(context).length === 0 ? undefined : context;
}

function linuxSecurity(container: ContainerDefinition, path: string, report: Report): Readonly<Record<string, unknown>> {
  const {add, drop} = container.linuxParameters?.capabilities ?? {};
  const capabilities = {...(add === undefined ? {} : {add: [...add]}), ...(drop === undefined ? {} : {drop: [...drop]})};
  return {
    ...userOf(container.user, at(path, 'user'), report),
    ...(container.privileged === true ? {privileged: true} : {}),
    ...(container.readonlyRootFilesystem === true ? {readOnlyRootFilesystem: true} : {}),
    ...(Object.keys(capabilities).length === 0 ? {} : {capabilities}),
    ...securityOptionsOf(container, path, report),
  };
}

// The number that Debian, Alpine, BusyBox, Distroless and Red Hat (since 8) all give it.
const nobody = 65534;

function userOf(user: string | undefined, path: string, report: Report): {runAsUser?: number; runAsGroup?: number} {
  if (user === undefined) return {};
  const match = /^(\d{1,9}|root|nobody)(?::(\d{1,9}|root))?$/.exec(user);
  if (match === null) {
    const message = 'Kubernetes takes numbers only: write uid or uid:gid, or leave user out where the image sets it.';
    report({path, level: 'refused', reason: 'UserNameNotNumeric', message});
    return {};
  }
  const [, uid = '', gid] = match;
  if (uid === 'nobody') {
    const message = `Kubernetes takes numbers only: ${nobody}, as most images number nobody. Write the number of this image to be sure.`;
    report({path, level: 'approximated', reason: 'UserNameGuessed', message});
  }
  return {runAsUser: idOf(uid), ...(gid === undefined ? {} : {runAsGroup: idOf(gid)})};
}

function idOf(text: string): number {
  return text === 'root' ? 0 : text === 'nobody' ? nobody : Number(text);
}
