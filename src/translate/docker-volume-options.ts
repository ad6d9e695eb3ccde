import type {Context} from './context.ts';
import {at} from './field-path.ts';
import type {Report} from './note.ts';
import {staticVolume} from './static-volume.ts';

type Json = Readonly<Record<string, unknown>>;

interface Mount {
  readonly type: string;
  readonly device: string;
  readonly options: readonly string[];
}

/** An NFS export: in the pod itself, or as a PersistentVolume where options say how to mount it. */
export function nfsVolume(name: string, {type, device, options}: Mount, path: string, context: Context): Json {
  const server = options.find((option) => option.startsWith('addr='))?.slice('addr='.length) ?? device.split(':')[0] ?? '';
  const exported = device.slice(device.indexOf(':') + 1);
  if (server === '' || !exported.startsWith('/')) {
    const message = 'It needs a server (o: addr=10.0.0.1) and a directory (device: ":/directory").';
    context.report({path: at(path, 'device'), level: 'refused', reason: 'InvalidNfsVolume', message});
    return {};
  }
  const isReadOnly = options.includes('ro');
  const nfs = {server, path: exported, ...(isReadOnly ? {readOnly: true} : {})};
  const version = type === 'nfs3' ? ['nfsvers=3'] : type === 'nfs4' ? ['nfsvers=4'] : [];
  const named = options.some((option) => /^(nfs)?vers=/.test(option)) ? [] : version;
  const mountOptions = [...named, ...options.filter((option) => !/^addr=|^ro$|^rw$/.test(option))];
  return mountOptions.length === 0 ? {nfs} : staticVolume(name, {source: {nfs}, mountOptions}, context);
}

/** Memory of the node that lives as long as the task. Without a size it may take half of the memory, as in Docker. */
export function tmpfsVolume({device, options}: Omit<Mount, 'type'>, path: string, report: Report): Json {
  // Docker asks for a device, and Linux takes any name.
  if (!['', 'tmpfs', 'none'].includes(device)) {
    const message = `A memory volume has no device; ${device.slice(0, 60)} has no effect. Write tmpfs, or mount a folder with type none and o bind.`;
    report({path: at(path, 'device'), level: 'ignored', reason: 'TmpfsOptionIgnored', message});
  }
  let sizeLimit: string | undefined;
  for (const option of options) {
    const match = /^size=(\d+)([kmg]?)$/i.exec(option);
    const size = match === null ? undefined : sizeOf(match[1] ?? '', match[2] ?? '');
    if (size !== undefined) sizeLimit = size;
    else {
      const message = `A memory volume has a size and no other option; ${option.slice(0, 60)} has no effect.`;
      report({path: at(path, 'o'), level: 'ignored', reason: 'TmpfsOptionIgnored', message});
    }
  }
  return {emptyDir: {medium: 'Memory', ...(sizeLimit === undefined ? {} : {sizeLimit})}};
}

/** Whole KiB in the largest unit that leaves no rest, which is how Kubernetes writes it. */
function sizeOf(digits: string, unit: string): string {
  const power = ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase());
  let amount = power === 0 ? Math.ceil(Number(digits) / 1024) : Number(digits) * 1024 ** (power - 1);
  let step = 0;
  for (; step < 3 && amount % 1024 === 0 && amount > 0; step += 1) amount /= 1024;
  return `${amount}${['Ki', 'Mi', 'Gi', 'Ti'][step] ?? 'Ti'}`;
}
