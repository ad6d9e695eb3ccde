import type {Context} from './context.ts';
import {escapeDollars} from './dollar.ts';
import type {TaskDefinition} from './ecs.ts';
import {at} from './field-path.ts';
import {labelName} from './names.ts';
import {osOf} from './platform.ts';

type Json = Readonly<Record<string, unknown>>;

// Docker fills a volume only while it is empty: what is in it outlives a container that is started again.
const copy = 'if [ -d "$1" ] && [ -z "$(ls -A "$2")" ]; then cp -a "$1/." "$2/"; fi';
const target = '/drayage-prefill';

/**
 * Init containers that fill empty volumes with what the image has where it is mounted first, as Docker does; none unless the
 * Cluster asks for it, since they need a shell in the image. `built` are the containers by name, in the order of their start.
 */
export function prefillsOf(
  task: TaskDefinition,
  volumes: readonly Json[],
  built: ReadonlyMap<string, Json>,
  {cluster, report}: Context,
): readonly Json[] {
  const willFill = cluster.prefillVolumes === true && osOf(task) === 'linux';
  return (task.volumes ?? []).flatMap((volume, index): readonly Json[] => {
    const source = volumes.find(({name}) => name === labelName(volume.name));
    const first = [...built.values()].find((container) => pathIn(container, source) !== undefined);
    if (source === undefined || first === undefined || !('emptyDir' in source)) return [];
    if (!willFill) {
      const message =
        'It starts empty; in ECS it holds what the image has at the place where it is mounted (see prefillVolumes of the Cluster).';
      report({path: at('volumes', index), level: 'approximated', reason: 'VolumeNotPrepopulated', message});
      return [];
    }
    const {image, imagePullPolicy, resources, securityContext} = first;
    return [
      {
        name: labelName(`prefill ${volume.name}`),
        image,
        imagePullPolicy,
        command: ['/bin/sh', '-c', escapeDollars(copy), 'sh', pathIn(first, source), target],
        ...(resources === undefined ? {} : {resources}),
        volumeMounts: [{name: source['name'], mountPath: target}],
        ...(securityContext === undefined ? {} : {securityContext}),
      },
    ];
  });
}

function pathIn(container: Json, volume: Json | undefined): string | undefined {
  const mounts = (container['volumeMounts'] ?? []) as readonly {readonly name: string; readonly mountPath: string}[];
  return mounts.find(({name}) => name === volume?.['name'])?.mountPath;
}
