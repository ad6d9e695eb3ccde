import {access, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {field, guide, nodeMount, nodeVolume, onNode, printing, shell, single, type Theme} from './behaviour.ts';
import {pods, type Scene} from './scene.ts';

const mount = (sourceVolume: string, containerPath: string, rest: object = {}) => ({mountPoints: [{sourceVolume, containerPath, ...rest}]});
const sees = 'for i in 1 2 3 4 5 6 7 8; do [ -e /data/file ] && break; sleep 0.5; done; cat /data/file 2>/dev/null || echo nothing';

/** What the pod that takes the place of another finds in a volume of that one. */
async function foundByTheNext({running, place, lines, until}: Scene): Promise<string> {
  const pod = await running();
  await until('it has looked', async () => (await lines('files')).length === 1);
  await place.delete(pods, pod.metadata.name);
  await until('the next has looked', async () => (await lines('files')).length === 2);
  return (await lines('files'))[1] === '0' ? 'it is empty again' : 'it has what it had';
}

export const volumes: Theme = {
  title: 'Volumes',
  behaviours: [
    {
      id: 'volume-shared',
      title: 'Two containers mount one volume',
      ecs: {does: 'one sees what the other writes', url: field('ContainerDefinition.mountPoints')},
      task: {
        containerDefinitions: [
          {command: printing(sees), ...mount('data', '/data')},
          {name: 'other', command: shell('echo written >/elsewhere/file; exec sleep 3600'), ...mount('data', '/elsewhere')},
        ],
        volumes: [{name: 'data'}],
      },
      observe: async ({printed}) => ((await printed()) === 'written' ? 'one sees what the other writes' : 'each has its own'),
    },
    {
      id: 'volume-read-only',
      title: '`readOnly: true` for one of them',
      ecs: {does: 'it cannot write, and the other can', url: field('MountPoint.readOnly')},
      task: {
        containerDefinitions: [
          {command: printing(`${sees}; touch /data/mine 2>/dev/null && echo written`), ...mount('data', '/data', {readOnly: true})},
          {name: 'other', command: shell('echo other >/data/file; exec sleep 3600'), ...mount('data', '/data')},
        ],
        volumes: [{name: 'data'}],
      },
      observe: async ({printed}) => ((await printed()) === 'other' ? 'it cannot write, and the other can' : `\`${await printed()}\``),
    },
    {
      id: 'volume-filled',
      title: 'An empty volume, mounted where the image has files',
      ecs: {does: 'it has the files of the image', url: guide('bind-mounts')},
      note: /volumes/,
      task: {containerDefinitions: [{command: printing('ls /etc'), ...mount('data', '/etc')}], volumes: [{name: 'data'}]},
      observe: async ({printed}) => (/\bpasswd\b/.test(await printed()) ? 'it has the files of the image' : 'it is empty'),
    },
    {
      id: 'volume-of-a-new-task',
      title: 'A volume of a task after the task was replaced',
      ecs: {does: 'it is empty again', url: guide('bind-mounts')},
      task: (given) => ({
        containerDefinitions: [
          {
            command: shell('ls /data | wc -l >>/node/files; touch /data/file; exec sleep 3600'),
            mountPoints: [{sourceVolume: 'data', containerPath: '/data'}, ...nodeMount.mountPoints],
          },
        ],
        volumes: [{name: 'data'}, nodeVolume(given)],
      }),
      observe: foundByTheNext,
    },
    {
      id: 'host-path-made',
      title: '`host.sourcePath` that the node does not have',
      ecs: {does: 'it is made, and stays', url: field('HostVolumeProperties.sourcePath')},
      task: ({folder}) => ({
        containerDefinitions: [{command: printing('echo here >/data/file'), ...mount('data', '/data')}],
        volumes: [{name: 'data', host: {sourcePath: `${folder}/deep/down`}}],
      }),
      async observe({printed, scale, pods: all, until, lines}) {
        await printed();
        await scale(0);
        await until('the task is gone', async () => (await all()).length === 0);
        return (await lines('deep/down/file'))[0] === 'here' ? 'it is made, and stays' : 'it is not there';
      },
    },
    {
      id: 'host-path-contents',
      title: 'What is in a `host.sourcePath` that the node has',
      ecs: {does: 'the container sees it', url: field('HostVolumeProperties.sourcePath')},
      task: (given) => onNode(given, [{command: printing('until [ -e /node/given ]; do sleep 0.3; done; cat /node/given')}]),
      async observe({running, printed, folder}) {
        await running();
        await access(folder);
        await writeFile(path.join(folder, 'given'), 'given');
        return (await printed()) === 'given' ? 'the container sees it' : 'the container does not see it';
      },
    },
    {
      id: 'volumes-from',
      title: '`volumesFrom` another container',
      ecs: {does: 'it has the mounts of the other', url: field('ContainerDefinition.volumesFrom')},
      note: /volumesFrom/,
      task: {
        containerDefinitions: [
          {command: printing(sees), volumesFrom: [{sourceContainer: 'other'}]},
          {name: 'other', command: shell('echo written >/data/file; exec sleep 3600'), ...mount('data', '/data')},
        ],
        volumes: [{name: 'data'}],
      },
      observe: async ({printed}) => ((await printed()) === 'written' ? 'it has the mounts of the other' : 'it has no mounts'),
    },
    {
      id: 'docker-volume-shared',
      title: '`dockerVolumeConfiguration` with `scope: "shared"`, after the task was replaced',
      ecs: {does: 'it has what it had', url: field('DockerVolumeConfiguration.scope')},
      note: /dockerVolumeConfiguration/,
      task: (given) => ({
        containerDefinitions: [
          {
            command: shell('ls /data | wc -l >>/node/files; touch /data/file; exec sleep 3600'),
            mountPoints: [{sourceVolume: 'data', containerPath: '/data'}, ...nodeMount.mountPoints],
          },
        ],
        volumes: [{name: 'data', dockerVolumeConfiguration: {scope: 'shared', autoprovision: true, driver: 'local'}}, nodeVolume(given)],
      }),
      observe: foundByTheNext,
    },
    {
      id: 'tmpfs',
      title: '`linuxParameters.tmpfs`: 16 MiB at /cache',
      ecs: {does: 'a file system in memory, of that size', url: field('LinuxParameters.tmpfs')},
      note: /tmpfs/,
      task: single({
        command: printing('df -m /cache | tail -1'),
        memory: 64,
        linuxParameters: {tmpfs: [{containerPath: '/cache', size: 16}]},
      }),
      async observe({printed}) {
        const [kind, size] = (await printed()).split(/\s+/);
        if (kind !== 'tmpfs') return 'a folder on disk';
        return size === '16' ? 'a file system in memory, of that size' : 'a file system in memory, of another size';
      },
    },
    {
      id: 'shared-memory',
      title: '`linuxParameters.sharedMemorySize`: 100 MiB',
      ecs: {does: '/dev/shm has 100 MiB', url: field('LinuxParameters.sharedMemorySize')},
      note: /sharedMemorySize/,
      task: single({command: printing('df -m /dev/shm | tail -1'), memory: 256, linuxParameters: {sharedMemorySize: 100}}),
      observe: async ({printed}) => `/dev/shm has ${(await printed()).split(/\s+/)[1] ?? ''} MiB`,
    },
    {
      id: 'volume-nobody-has',
      title: 'A mount of a volume that is not in `volumes`',
      ecs: {does: 'refused', url: field('MountPoint.sourceVolume')},
      task: {containerDefinitions: [{command: ['true'], ...mount('nobody', '/data')}]},
      observe: async ({running}) => running().then(() => 'it runs'),
    },
  ],
};
