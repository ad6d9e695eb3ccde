import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

/** `user`, `privileged`, `readonlyRootFilesystem`, capabilities and `no-new-privileges` as a container's securityContext. */
export function securityContext(
  container: ContainerDefinition,
  path: string,
  report: Report,
): Readonly<Record<string, unknown>> | undefined {
  const {add, drop} = container.linuxParameters?.capabilities ?? {};
  const capabilities = {...(add === undefined ? {} : {add: [...add]}), ...(drop === undefined ? {} : {drop: [...drop]})};
  const context = {
    ...userOf(container.user, at(path, 'user'), report),
    ...(container.privileged === true ? {privileged: true} : {}),
    ...(container.readonlyRootFilesystem === true ? {readOnlyRootFilesystem: true} : {}),
    ...(Object.keys(capabilities).length === 0 ? {} : {capabilities}),
    ...optionsOf(container, path, report),
  };
  return Object.keys(context).length === 0 ? undefined : context;
}

function userOf(user: string | undefined, path: string, report: Report): {runAsUser?: number; runAsGroup?: number} {
  if (user === undefined) return {};
  const match = /^(\d{1,9}|root)(?::(\d{1,9}|root))?$/.exec(user);
  if (match === null) {
    const message = 'Kubernetes takes numbers only: write uid or uid:gid, or leave user out where the image sets it.';
    report({path, level: 'refused', reason: 'UserNameNotNumeric', message});
    return {};
  }
  const [, uid = '', gid] = match;
  return {runAsUser: idOf(uid), ...(gid === undefined ? {} : {runAsGroup: idOf(gid)})};
}

function idOf(text: string): number {
  return text === 'root' ? 0 : Number(text);
}

function optionsOf(container: ContainerDefinition, path: string, report: Report): {allowPrivilegeEscalation?: false} {
  let isRestricted = false;
  for (const [index, option] of (container.dockerSecurityOptions ?? []).entries()) {
    if (/^no-new-privileges([:=]true)?$/.test(option)) {
      isRestricted = true;
      continue;
    }
    const message = 'Of the security options only no-new-privileges is carried so far; remove this one to go on without it.';
    report({path: at(path, 'dockerSecurityOptions', index), level: 'refused', reason: 'SecurityOptionNotCarried', message});
  }
  const isAdmin = container.privileged === true || container.linuxParameters?.capabilities?.add?.includes('CAP_SYS_ADMIN') === true;
  if (isRestricted && isAdmin) {
    const message = 'Kubernetes refuses no-new-privileges for a privileged container or CAP_SYS_ADMIN; remove one of the two.';
    report({path: at(path, 'dockerSecurityOptions'), level: 'refused', reason: 'PrivilegedWithoutNewPrivileges', message});
  }
  return isRestricted ? {allowPrivilegeEscalation: false} : {};
}
