import type {ContainerDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';

type Json = Readonly<Record<string, unknown>>;
type Options = Readonly<Record<string, Json | false>>;

/** `dockerSecurityOptions`: no-new-privileges, AppArmor, SELinux labels and an unconfined seccomp. Anything else is refused. */
export function securityOptionsOf(container: ContainerDefinition, path: string, report: Report): Options {
  let options: Options = {};
  const refuse = (where: string, reason: string, message: string): void => report({path: where, level: 'refused', reason, message});
  for (const [index, option] of (container.dockerSecurityOptions ?? []).entries()) {
    const found = optionOf(option);
    if (option.startsWith('credentialspec')) {
      const message = 'Group managed service accounts are carried for Windows containers only: say so in runtimePlatform, or remove it.';
      refuse(at(path, 'dockerSecurityOptions', index), 'GmsaUnsupported', message);
    } else if (found === undefined) {
      const message = 'It is not known, or has no field in Kubernetes; remove it to go on without.';
      refuse(at(path, 'dockerSecurityOptions', index), 'SecurityOptionNotCarried', message);
    } else {
      const {seLinuxOptions = {}} = options;
      options = {
        ...options,
        ...found,
        ...('seLinuxOptions' in found ? {seLinuxOptions: {...seLinuxOptions, ...found['seLinuxOptions']}} : {}),
      };
    }
  }
  const isAdmin = container.privileged === true || container.linuxParameters?.capabilities?.add?.includes('CAP_SYS_ADMIN') === true;
  if (options['allowPrivilegeEscalation'] === false && isAdmin) {
    const message = 'Kubernetes refuses no-new-privileges for a privileged container or CAP_SYS_ADMIN; remove one of the two.';
    refuse(at(path, 'dockerSecurityOptions'), 'PrivilegedWithoutNewPrivileges', message);
  }
  return options;
}

function optionOf(option: string): Options | undefined {
  const [, kind = '', value = ''] = /^([a-z-]+)(?:[:=](.*))?$/.exec(option) ?? [];
  if (kind === 'no-new-privileges') return value === '' || value === 'true' ? {allowPrivilegeEscalation: false} : undefined;
  if (value === '') return undefined;
  if (kind === 'apparmor') return {appArmorProfile: profileOf(value, 'docker-default')};
  if (kind === 'seccomp') return value === 'unconfined' ? {seccompProfile: {type: 'Unconfined'}} : undefined;
  return kind === 'label' ? labelOf(value) : undefined;
}

function profileOf(name: string, runtimeDefault: string): Json {
  if (name === 'unconfined') return {type: 'Unconfined'};
  return name === runtimeDefault ? {type: 'RuntimeDefault'} : {type: 'Localhost', localhostProfile: name};
}

function labelOf(label: string): Options | undefined {
  // What Docker runs a container as whose labels are off.
  if (label === 'disable') return {seLinuxOptions: {type: 'spc_t'}};
  const [, field, value] = /^(user|role|type|level):(.+)$/.exec(label) ?? [];
  return field === undefined || value === undefined ? undefined : {seLinuxOptions: {[field]: value}};
}
