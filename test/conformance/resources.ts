import {glob, readFile} from 'node:fs/promises';
import {nodeNames} from '../cluster/node-config.ts';
import {field, parameter, printing, shell, single, type Theme} from './behaviour.ts';
import {containerOf, containersOf, type Scene} from './scene.ts';
import {refusal} from './verdict.ts';

const definition = (name: string): string => field(`ContainerDefinition.${name}`);
const task = (name: string): string => parameter(`RegisterTaskDefinition.${name}`);
/** Prints how many bytes it has held in memory at once. */
export const hold = (megabytes: number): readonly string[] => printing(`head -c ${megabytes}m /dev/zero | tail -c ${megabytes}m | wc -c`);

/** What the kernel has for the cgroup of a container, or of the pod around it: the file of cgroup v1, else that of v2. */
async function kernel({cluster, running}: Scene, container: string | undefined, v1: string, v2: string): Promise<string> {
  const pod = await running();
  const id = container === undefined ? undefined : containerOf(pod, container).containerID?.replace(/^.*\//, '');
  const folder = id === undefined ? `pod${pod.metadata.uid}` : `pod${pod.metadata.uid}/${id}`;
  for (const file of [
    `cpu/${nodeNames(cluster.directory).cgroup}/**/${folder}/${v1}`,
    `${nodeNames(cluster.directory).cgroup}/**/${folder}/${v2}`,
  ]) {
    for await (const found of glob(`/sys/fs/cgroup/${file}`)) return (await readFile(found, 'utf8')).trim();
  }
  throw new Error(`the kernel has no ${folder}`);
}

export const resources: Theme = {
  title: 'Memory and CPU',
  behaviours: [
    {
      id: 'memory',
      title: 'A container uses more than its `memory`',
      ecs: {does: 'it is killed (137)', url: definition('memory')},
      task: single({command: ['tail', '/dev/zero'], memory: 16}),
      async observe({pods, until}) {
        const ended = await until('it has ended', async () => {
          const all = (await pods()).flatMap(containersOf);
          return all.map(({state, lastState}) => state.terminated ?? lastState.terminated).find((end) => end !== undefined);
        });
        return ended.exitCode === 137 ? 'it is killed (137)' : `it ends with ${ended.exitCode}`;
      },
    },
    {
      id: 'memory-reservation',
      title: 'A container with a `memoryReservation` of 8 MiB and no `memory` uses 60 MiB',
      ecs: {does: 'it may', url: definition('memoryReservation')},
      task: single({command: hold(60), memoryReservation: 8}),
      observe: async ({printed}) => ((await printed()) === String(60 * 2 ** 20) ? 'it may' : 'it is killed'),
    },
    {
      id: 'task-memory',
      title: 'The containers of a task, with no `memory` of their own, use more than the `memory` of the task',
      ecs: {does: 'one is killed', url: task('memory')},
      task: single({command: shell('tail /dev/zero; echo $?; echo "-- end --"; exec sleep 3600')}, {memory: '32', cpu: '128'}),
      async observe({printed, pods, within}) {
        const isKilled = await within(30, async () => (await pods()).flatMap(containersOf).some(({restartCount}) => restartCount > 0));
        if (isKilled) return 'one is killed';
        return (await printed('main', 5)).endsWith('137') ? 'one is killed' : 'it may';
      },
    },
    {
      id: 'cpu-share',
      title: 'The share of a container with 512 CPU units, beside one with 256',
      ecs: {does: 'twice as much', url: definition('cpu')},
      task: {
        containerDefinitions: [
          {name: 'main', cpu: 512, command: ['sleep', '3600']},
          {name: 'other', cpu: 256, command: ['sleep', '3600']},
        ],
      },
      async observe(scene) {
        const shares = await Promise.all(['main', 'other'].map(async (name) => kernel(scene, name, 'cpu.shares', 'cpu.weight')));
        const [main = 0, other = 1] = shares.map(Number);
        return Math.abs(main / other - 2) < 0.15 ? 'twice as much' : `${main} to ${other}`;
      },
    },
    {
      id: 'cpu-none',
      title: 'The share of a container with no `cpu`',
      ecs: {does: 'the smallest that there is', url: definition('cpu')},
      task: single({command: ['sleep', '3600']}),
      async observe(scene) {
        const share = await kernel(scene, 'main', 'cpu.shares', 'cpu.weight');
        return Number(share) <= 2 ? 'the smallest that there is' : share;
      },
    },
    {
      id: 'cpu-no-cap',
      title: 'The most that a container with 128 CPU units may use, in a task with no `cpu`',
      ecs: {does: 'what others leave', url: definition('cpu')},
      task: single({cpu: 128, command: ['sleep', '3600']}),
      async observe(scene) {
        const quota = await kernel(scene, 'main', 'cpu.cfs_quota_us', 'cpu.max');
        return /^(-1|max\b)/.test(quota) ? 'what others leave' : quota;
      },
    },
    {
      id: 'task-cpu',
      title: 'The most that a task with `cpu: ".25 vCPU"` may use',
      ecs: {does: 'a quarter of a CPU', url: task('cpu')},
      task: single({command: ['sleep', '3600']}, {cpu: '.25 vCPU', memory: '64'}),
      async observe(scene) {
        const quota = await kernel(scene, undefined, 'cpu.cfs_quota_us', 'cpu.max');
        return /^25000( 100000)?$/.test(quota) ? 'a quarter of a CPU' : quota;
      },
    },
    {
      id: 'memory-none',
      title: 'Neither `memory` nor `memoryReservation`, nor `memory` of the task',
      ecs: {does: refusal, url: definition('memory')},
      task: single({command: ['true'], memory: null}),
      observe: async ({running}) => running().then(() => 'it runs'),
    },
    {
      id: 'memory-above-task',
      title: '`memory` of a container above that of its task',
      ecs: {does: refusal, url: definition('memory')},
      task: single({command: ['true'], memory: 256}, {memory: '128'}),
      observe: async ({running}) => running().then(() => 'it runs'),
    },
    {
      id: 'fargate-size',
      title: '`requiresCompatibilities: ["FARGATE"]` with 256 CPU units and 4 GB, a pair that Fargate does not have',
      ecs: {does: refusal, url: task('cpu')},
      note: /memory|cpu/,
      unnoted: {verdict: 'different', why: 'No such machine is asked for: nodes have any size.'},
      task: single({command: ['sleep', '3600']}, {requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '4 GB'}),
      observe: async ({running}) => running().then(() => 'it runs'),
    },
    {
      id: 'fargate-network',
      title: '`requiresCompatibilities: ["FARGATE"]` without `networkMode: "awsvpc"`',
      ecs: {does: refusal, url: task('networkMode')},
      task: single({command: ['true']}, {requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512'}),
      observe: async ({running}) => running().then(() => 'it runs'),
    },
  ],
};
