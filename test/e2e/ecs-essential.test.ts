import type {KubeObject} from '../../src/schema/object.ts';
import type {ResourceType} from '../../src/schema/resource-type.ts';
import {taskDefinitions} from '../../src/schema/types.ts';
import type {ClusterSettings} from '../../src/translate/cluster-settings.ts';
import {translate} from '../../src/translate/translate.ts';
import {eventually} from '../support/eventually.ts';
import {onNode} from '../support/on-node.ts';
import {conditionIn, type Place} from '../support/place.ts';

// What a translation says, on a real node: who is started again when a container ends, and what containers find.

const pods: ResourceType = {apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true};

const node = onNode({repository: 'shop/web', tags: {'1': {}}});
const {run, opened} = node;

/** Ends with 3, 255 or 0 when it is told to. */
const ends = ['sh', '-c', 'trap "exit 3" USR1; trap "exit 255" USR2; trap "exit 0" HUP; while true; do sleep 0.1; done'];
const base = {memory: 32, stopTimeout: 2};

/** Sends a signal to the container `web`, which may end before the command that sent it does, and take that along. */
async function kill({namespace}: Place, signal: string, name: string): Promise<void> {
  try {
    await node.person.kubectl('exec', name, '-c', 'web', '-n', namespace, '--', 'kill', `-${signal}`, '1');
  } catch (error) {
    if (!String(error).includes('exit code 137')) throw error;
  }
}

run('when an essential container ends after the first minute of its pod, its task is stopped and another takes its place', async (t) => {
  const place = await opened('replaced');
  await place.apply(taskDefinitions, 'web', {
    family: 'web',
    networkMode: 'awsvpc',
    containerDefinitions: [
      {...base, name: 'web', image: node.image('1'), command: ends, healthCheck: {command: ['CMD', 'true'], interval: 5}},
      {
        ...base,
        name: 'other',
        image: node.image('1'),
        command: ['sh', '-c', 'trap "sleep 1; exit 0" TERM; while true; do sleep 0.1; done'],
      },
      {...base, name: 'agent', image: node.image('1'), essential: false, command: ['sleep', '3600']},
    ],
    service: {desiredCount: 1},
  });
  await place.until(taskDefinitions, 'web', 'ServiceReady', 80);
  const first = await untilReady(place);
  const end = (signal: string, name: string): Promise<void> => kill(place, signal, name);
  await end('USR1', first.metadata.name);
  const again = await eventually('it is started again in its pod at first', async () => {
    const [seen] = await place.list(pods);
    return restarts(seen, 'web') > 0 && isReady(seen) && seen;
  });
  t.is(again.metadata.uid, first.metadata.uid);
  t.is(restarts(again, 'other'), 0);
  const {startTime = ''} = (again['status'] ?? {}) as {startTime?: string};
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(startTime) + 61_000 - Date.now())));
  const told = performance.now();
  await end('USR2', again.metadata.name);
  await eventually('another task is ready', async () => {
    const all = await place.list(pods);
    return all.length === 1 && all[0]?.metadata.uid !== first.metadata.uid && isReady(all[0]);
  });
  t.log(`another task was ready and the first one gone after ${Math.round(performance.now() - told)} ms`);
  const stopped = (await place.events('Service', 'web')).filter(({reason}) => reason === 'StopTask');
  t.regex(
    stopped[0]?.note ?? '',
    new RegExp(`stop the task ${first.metadata.name}: its essential container web has exited with exit code 255`),
  );
  t.is(stopped.length, 1);
});

run('where the Cluster says RestartAll, the end of an essential container restarts the whole task, whatever its exit code', async (t) => {
  const place = await opened('all');
  await runs(place, {essentialContainers: 'RestartAll'}, [
    {...base, name: 'web', image: node.image('1'), command: ends},
    {...base, name: 'deaf', image: node.image('1'), command: ['sh', '-c', 'trap "" TERM; while true; do sleep 0.1; done']},
    {...base, name: 'agent', image: node.image('1'), essential: false, command: ['sleep', '3600']},
    {...base, name: 'first', image: node.image('1'), essential: false, command: ['true']},
    {
      ...base,
      name: 'last',
      image: node.image('1'),
      command: ['sleep', '3600'],
      dependsOn: [{containerName: 'first', condition: 'SUCCESS'}],
    },
  ]);
  let pod = await untilReady(place);
  const {uid} = pod.metadata;
  for (const [signal, code] of [
    ['USR1', 3],
    ['USR2', 255],
    ['HUP', 0],
  ] as const) {
    const before = pod;
    const told = performance.now();
    await kill(place, signal, pod.metadata.name);
    pod = await eventually(`all are up again after ${code}`, async () => {
      const [seen] = await place.list(pods);
      const all = ['web', 'deaf', 'agent', 'last'].every((name) => restarts(seen, name) > restarts(before, name));
      return all && isReady(seen) && seen;
    });
    t.log(`exit code ${code}: ready again after ${Math.round(performance.now() - told)} ms`);
    t.is(pod.metadata.uid, uid);
  }
});

run('where the Cluster says RestartAll, a container that is unhealthy restarts the whole task too', async (t) => {
  const place = await opened('unhealthy');
  const healthCheck = {command: ['CMD-SHELL', 'test ! -e /tmp/ill'], interval: 5, retries: 1};
  await runs(place, {essentialContainers: 'RestartAll'}, [
    {...base, name: 'web', image: node.image('1'), command: ['sleep', '3600'], healthCheck},
    {...base, name: 'other', image: node.image('1'), command: ['sleep', '3600']},
  ]);
  const pod = await untilReady(place);
  await node.person.kubectl('exec', pod.metadata.name, '-c', 'web', '-n', place.namespace, '--', 'touch', '/tmp/ill');
  const after = await eventually('both are started again', async () => {
    const [seen] = await place.list(pods);
    return restarts(seen, 'web') > 0 && restarts(seen, 'other') > 0 && isReady(seen) && seen;
  });
  t.is(after.metadata.uid, pod.metadata.uid);
});

run('a task that ends again and again: how often RestartAll starts it in half a minute, and RestartAlone', async (t) => {
  const [all, alone] = [await restartsOf('loops-all', {essentialContainers: 'RestartAll'}), await restartsOf('loops-alone', {})];
  t.log(`RestartAll: ${all} restarts; RestartAlone: ${alone}`);
  t.true(alone >= 1 && alone <= 4, `${alone}`);
  t.true(all > alone, 'should Kubernetes make it wait one day, RestartAll may become the better choice');
});

run('a container that is not essential ends: the task stays ready where a shell is known, and where none is it is not', async (t) => {
  const place = await opened('ended');
  await runs(place, {}, [
    {...base, name: 'web', image: node.image('1'), command: ['sleep', '3600']},
    {...base, name: 'once', image: node.image('1'), essential: false, command: ['sh', '-c', 'sleep 1; exit 1']},
  ]);
  const pod = await untilReady(place);
  const log = (): Promise<string> => node.person.kubectl('logs', pod.metadata.name, '-c', 'once', '-n', place.namespace);
  await eventually('its command has ended', async () => (await log()).includes('ended with 1;'));
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const [after] = await place.list(pods);
  t.true(isReady(after));
  t.is(restarts(after, 'once'), 0);
  const told = performance.now();
  await node.person.kubectl('delete', 'deployment', 'web', '-n', place.namespace, '--wait=false');
  await eventually('the pod is gone', async () => (await place.list(pods)).length === 0);
  t.true(performance.now() - told < 15_000);

  const other = await opened('unknown');
  await runs(other, {}, [
    {...base, name: 'web', image: node.image('1'), command: ['sleep', '3600']},
    {...base, name: 'once', image: node.image('1'), essential: false, command: ['false']},
  ]);
  await eventually('it waits to be started again, and the pod is not ready', async () => {
    const [seen] = await other.list(pods);
    return containerOf(seen, 'once').state.waiting?.reason === 'CrashLoopBackOff' && !isReady(seen);
  });
});

run('COMPLETE takes any exit code where a shell is known', async (t) => {
  const place = await opened('complete');
  await runs(place, {}, [
    {...base, name: 'first', image: node.image('1'), essential: false, command: ['sh', '-c', 'exit 3']},
    {
      ...base,
      name: 'web',
      image: node.image('1'),
      command: ['sleep', '3600'],
      dependsOn: [{containerName: 'first', condition: 'COMPLETE'}],
    },
  ]);
  const pod = await untilReady(place);
  t.is(restarts(pod, 'first'), 0);
});

run('containers find the kernel settings, memory, names and limits that were asked for, and the files of their image', async (t) => {
  const place = await opened('found');
  await runs(
    place,
    {prefillVolumes: true},
    [
      {
        ...base,
        name: 'web',
        image: node.image('1'),
        hostname: 'web.shop.internal',
        command: ['sh', '-c', 'ulimit -S -n > /tmp/files; exec sleep 3600'],
        dnsServers: ['10.0.0.53'],
        dnsSearchDomains: ['corp.internal'],
        ulimits: [{name: 'nofile', softLimit: 321, hardLimit: 4096}],
        systemControls: [{namespace: 'net.ipv4.tcp_keepalive_time', value: '321'}],
        linuxParameters: {initProcessEnabled: true, sharedMemorySize: 8, tmpfs: [{containerPath: '/fast', size: 4}]},
        mountPoints: [{sourceVolume: 'programs', containerPath: '/bin'}],
      },
    ],
    [{name: 'programs'}],
  );
  const {name} = (await untilReady(place)).metadata;
  const said = async (...command: readonly string[]): Promise<string> =>
    (await node.person.kubectl('exec', name, '-c', 'web', '-n', place.namespace, '--', ...command)).trim();
  t.is(await said('cat', '/proc/sys/net/ipv4/tcp_keepalive_time'), '321');
  t.is(await said('hostname'), 'web');
  t.is(await said('cat', '/tmp/files'), '321');
  t.regex(await said('cat', '/etc/resolv.conf'), /search corp\.internal\nnameserver 10\.0\.0\.53/);
  const mounts = await said('cat', '/proc/mounts');
  t.regex(mounts, /tmpfs \/dev\/shm tmpfs [^\n]*size=8192k/);
  t.regex(mounts, /tmpfs \/fast tmpfs [^\n]*size=4096k/);
  t.not(await said('cat', '/proc/1/comm'), 'sh');
  t.regex(await said('ls', '/bin'), /busybox/);
});

async function runs(
  place: Place,
  cluster: ClusterSettings,
  containerDefinitions: readonly object[],
  volumes: readonly object[] = [],
): Promise<void> {
  const settings = {name: 'web', namespace: place.namespace, cluster};
  const {manifests, notes} = translate({family: 'web', networkMode: 'awsvpc', containerDefinitions, volumes}, {}, settings);
  if (manifests.length === 0) throw new Error(JSON.stringify(notes));
  for (const manifest of manifests) await node.stage.cluster.apply(JSON.stringify(manifest));
}

/** How often a container that ends at once is started again in half a minute. */
async function restartsOf(name: string, cluster: ClusterSettings): Promise<number> {
  const place = await opened(name);
  await runs(place, cluster, [
    {...base, name: 'web', image: node.image('1'), command: ['false']},
    {...base, name: 'other', image: node.image('1'), command: ['sleep', '3600']},
  ]);
  await eventually('it has been started again', async () => restarts((await place.list(pods))[0], 'web') > 0);
  await new Promise((resolve) => setTimeout(resolve, 30_000));
  return restarts((await place.list(pods))[0], 'web');
}

function untilReady(place: Place): Promise<KubeObject> {
  return eventually('the pod is ready', async () => {
    const [pod] = await place.list(pods);
    return isReady(pod) && pod;
  });
}

interface SeenContainer {
  readonly name: string;
  readonly restartCount: number;
  readonly state: {readonly waiting?: {readonly reason: string}};
  readonly lastState: {readonly terminated?: {readonly exitCode: number}};
}

function containerOf(pod: KubeObject | undefined, name: string): SeenContainer {
  const {containerStatuses = [], initContainerStatuses = []} = (pod?.status ?? {}) as Readonly<Record<string, readonly SeenContainer[]>>;
  const seen = [...containerStatuses, ...initContainerStatuses].find((one) => one.name === name);
  return seen ?? {name, restartCount: 0, state: {}, lastState: {}};
}

function restarts(pod: KubeObject | undefined, name: string): number {
  return containerOf(pod, name).restartCount;
}

function isReady(pod: KubeObject | undefined): boolean {
  return conditionIn(pod, 'Ready')?.status === 'True';
}
