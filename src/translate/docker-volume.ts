import type {Context} from './context.ts';
import type {DockerVolume} from './ecs-volumes.ts';
import {at} from './field-path.ts';
import {nfsVolume, tmpfsVolume} from './docker-volume-options.ts';
import type {Report} from './note.ts';
import {acknowledge} from './recorder.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where volumes of scope `shared` are on a node: a folder for each namespace, and in it one for each name. */
const sharedFolder = '/var/lib/drayage/volumes';

/** A volume of Docker's own driver. Undefined is an empty one that lives as long as its task. */
export function dockerVolume(name: string, config: DockerVolume, path: string, context: Context): Json | undefined {
  const {report} = context;
  const {scope = 'task', driver = 'local', driverOpts} = config;
  if (driver !== 'local') {
    const message = `Kubernetes runs no volume drivers of Docker, such as ${driver}; use efsVolumeConfiguration, configuredAtLaunch (EBS) or host.sourcePath.`;
    report({path: at(path, 'driver'), level: 'refused', reason: 'DockerVolumeDriverUnsupported', message});
    return {};
  }
  if (driverOpts !== undefined) return withOptions(name, {driverOpts, scope}, path, context);
  if (scope === 'task') return undefined;
  return {hostPath: sharedPath(name, config.autoprovision === true, path, context)};
}

function sharedPath(name: string, isMade: boolean, path: string, {settings, report}: Context): Json {
  const folder = `${sharedFolder}/${settings.namespace ?? 'default'}/${name}`;
  const message = `It is the folder ${folder} of the node where the pod runs, shared by the tasks of the namespace; it starts empty, and another node has another one.`;
  report({path: at(path, 'scope'), level: 'approximated', reason: 'SharedVolumeOnNode', message});
  if (!isMade) {
    const missing = `Without autoprovision pods start only on nodes that have the folder ${folder}; make it there, or set autoprovision.`;
    report({path: at(path, 'autoprovision'), level: 'approximated', reason: 'SharedVolumeMustExist', message: missing});
  }
  return {path: folder, type: isMade ? 'DirectoryOrCreate' : 'Directory'};
}

interface Asked {
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly scope: 'task' | 'shared';
}

/** Options of the local driver are those of mount: `type`, `device` and `o`. */
function withOptions(name: string, {driverOpts, scope}: Asked, path: string, context: Context): Json {
  const {type = 'none', o = ''} = driverOpts;
  const where = at(path, 'driverOpts');
  for (const key of Object.keys(driverOpts).filter((one) => !['type', 'device', 'o'].includes(one))) {
    acknowledge(driverOpts[key]);
    unsupported(at(where, key), context.report);
  }
  const options = o.split(',').filter((option) => option !== '');
  const {device = ''} = driverOpts;
  if (type === 'tmpfs' && scope === 'task') return tmpfsVolume({device, options}, where, context.report);
  if (/^nfs[34]?$/.test(type)) return nfsVolume(name, {type, device, options}, where, context);
  const isBind = type === 'none' && options.includes('bind') && options.every((option) => option === 'bind' || option === 'rw');
  if (isBind && device.startsWith('/') && !device.split('/').includes('..')) return {hostPath: {path: device, type: 'Directory'}};
  acknowledge(driverOpts);
  unsupported(where, context.report);
  return {};
}

function unsupported(path: string, report: Report): void {
  const message =
    'Of the options of the local driver, NFS, a bind mount, and tmpfs with scope task are carried; use another sort of volume.';
  report({path, level: 'refused', reason: 'DockerVolumeOptionsUnsupported', message});
}
