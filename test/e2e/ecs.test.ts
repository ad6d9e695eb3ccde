import type {KubeObject} from '../../src/schema/object.ts';
import type {ResourceType} from '../../src/schema/resource-type.ts';
import {clusterPullSecrets, deployments, secrets, services, taskDefinitions} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {onNode} from '../support/on-node.ts';
import {conditionIn, type Place} from '../support/place.ts';

const pods: ResourceType = {apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true};

const node = onNode({
  repository: 'shop/web',
  tags: {'1': {}, '2': {}},
  // Namespaces whose name begins with «closed» get no secret.
  pullSecret: {excludedNamespaces: ['kube-system', 'kube-public', 'kube-node-lease', 'closed']},
});
const {run, opened} = node;

/** Quick, so that a deployment need not wait the 40 seconds that ECS waits where nobody checks. */
const healthCheck = {command: ['CMD', 'true'], interval: 5};
const literal = '$HOME $(X) $(HOME) $$ $$(X) ${X}';

run('the containers of a task share the loopback address, get every $ as written, and have the limits that were asked for', async (t) => {
  const place = await opened('task');
  await place.apply(taskDefinitions, 'web', {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'web',
        image: node.image('1'),
        memory: 64,
        entryPoint: [
          'sh',
          '-c',
          'mkdir -p /tmp/www && printf %s "$TEXT" > /tmp/www/env && printf %s "$1" > /tmp/www/argument && exec httpd -f -p 8080 -h /tmp/www',
          'sh',
        ],
        command: [literal],
        environment: [
          {name: 'X', value: 'expanded'},
          {name: 'TEXT', value: literal},
        ],
        portMappings: [{containerPort: 8080}],
        healthCheck,
        stopTimeout: 2,
      },
      {
        name: 'asker',
        image: node.image('1'),
        essential: false,
        command: [
          'sh',
          '-c',
          'until wget -qO /tmp/answer http://127.0.0.1:8080/env; do sleep 1; done; cat /tmp/answer; echo; exec sleep 3600',
        ],
      },
    ],
    service: {desiredCount: 1},
  });
  await place.until(taskDefinitions, 'web', 'ServiceReady', 80);
  const [pod] = await podsOf(place, 'web');
  const {podIP} = statusOf(pod) as {podIP: string};
  // From the machine that is the node's host, as a load balancer would.
  for (const file of ['env', 'argument']) {
    const stdout = await (await fetch(`http://${podIP}:8080/${file}`)).text();
    t.is(stdout, literal, file);
  }
  const name = pod?.metadata.name ?? '';
  let log = '';
  await eventually('the other container has asked over loopback', async () => {
    log = await node.person.kubectl('logs', name, '-c', 'asker', '-n', place.namespace);
    return log.includes(literal);
  }).catch((error: unknown) => t.fail(`${String(error)}; its log: ${log}`));
  t.like(pod?.['spec'], {resources: {limits: {cpu: '250m', memory: '512Mi'}}});
  const limits = 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || true';
  const limit = (await node.person.kubectl('exec', name, '-c', 'web', '-n', place.namespace, '--', 'sh', '-c', limits)).trim();
  // Where no cgroup file system is mounted in containers, nothing is to be seen from inside.
  if (limit === '') t.log('no cgroups to be seen in containers here');
  else t.is(limit, String(64 * 1024 * 1024));
  const {containers = []} = (pod?.['spec'] ?? {}) as {containers?: readonly {name: string; resources: {limits?: {memory?: string}}}[]};
  t.is(containers.find((one) => one.name === 'web')?.resources.limits?.memory, '64Mi');
  const service = await place.get(services, 'web');
  t.like(statusOf(service), {runningCount: 1, pendingCount: 0, taskDefinition: 'web:1'});
});

run('a container that is not essential may exit and the task stays ready; an essential one is started again', async (t) => {
  const place = await opened('exits');
  await place.apply(taskDefinitions, 'web', {
    family: 'web',
    containerDefinitions: [
      {
        name: 'main',
        image: node.image('1'),
        memory: 64,
        command: ['sh', '-c', 'trap "exit 3" USR1; while true; do sleep 0.2; done'],
        healthCheck,
        stopTimeout: 2,
      },
      {name: 'side', image: node.image('1'), memory: 64, essential: false, command: ['sh', '-c', 'sleep 3; exit 1']},
    ],
    service: {desiredCount: 1},
  });
  const registered = await place.until(taskDefinitions, 'web', 'ServiceReady', 80);
  const {notes} = statusOf(registered) as {notes: readonly {path: string; reason: string}[]};
  t.deepEqual(
    notes
      .filter(({reason}) => reason === 'NonEssentialKeptUp' || reason === 'EssentialInPlaceRestart')
      .map(({path, reason}) => [path, reason]),
    [
      ['containerDefinitions[0].essential', 'EssentialInPlaceRestart'],
      ['containerDefinitions[1].essential', 'NonEssentialKeptUp'],
    ],
  );
  const uid = (await podsOf(place, 'web'))[0]?.metadata.uid;
  const exited = await eventually('the command of the other container has ended', async () => {
    const [pod] = await podsOf(place, 'web');
    const log = await node.person.kubectl('logs', pod?.metadata.name ?? '', '-c', 'side', '-n', place.namespace);
    return log.includes('ended with 1;') && pod;
  });
  t.is(containerOf(exited, 'side').restartCount, 0);
  t.true(isReady(exited), 'a container that is not essential does not make the task unready');
  await node.person.kubectl('exec', exited.metadata.name, '-c', 'main', '-n', place.namespace, '--', 'kill', '-USR1', '1');
  const again = await eventually('the essential container was started again', async () => {
    const [pod] = await podsOf(place, 'web');
    return containerOf(pod, 'main').restartCount > 0 && isReady(pod) && pod;
  });
  t.is(again.metadata.uid, uid, 'in its pod');
  t.is(containerOf(again, 'main').lastState.terminated?.exitCode, 3);
});

run('a new revision takes over with no moment without a task, and stopTimeout is the time that the old one gets', async (t) => {
  const place = await opened('rolls');
  // It takes no notice of SIGTERM, so that it lives exactly as long as it is let.
  const deaf = ['sh', '-c', 'trap "" TERM; while true; do sleep 0.2; done'];
  const definition = (tag: string) => ({
    family: 'web',
    containerDefinitions: [{name: 'main', image: node.image(tag), memory: 64, command: deaf, healthCheck, stopTimeout: 4}],
    service: {desiredCount: 1},
  });
  await place.apply(taskDefinitions, 'web', definition('1'));
  await place.until(taskDefinitions, 'web', 'ServiceReady', 80);
  const [old] = await podsOf(place, 'web');
  t.like(old?.['spec'], {terminationGracePeriodSeconds: 4});
  await place.apply(taskDefinitions, 'web', definition('2'));
  const leastReady: number[] = [];
  let told: number | undefined;
  let gone: number | undefined;
  await eventually(
    'the old pod is gone',
    async () => {
      const all = await place.list(pods);
      leastReady.push(all.filter((pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod)).length);
      const before = all.find(({metadata}) => metadata.uid === old?.metadata.uid);
      if (before?.metadata.deletionTimestamp !== undefined) told ??= performance.now();
      if (before === undefined) gone = performance.now();
      return gone !== undefined;
    },
    {everyMs: 100},
  );
  t.true(Math.min(...leastReady) >= 1, `ready pods from look to look: ${leastReady.join(' ')}`);
  const lived = ((gone ?? 0) - (told ?? 0)) / 1000;
  t.log(`the old pod lived ${lived.toFixed(1)} s after it was told to stop`);
  t.true(lived > 3 && lived < 9, `${lived} s`);
  const service = await place.until(services, 'web', 'SteadyState');
  t.like(statusOf(service), {taskDefinition: 'web:2', runningCount: 1});
  const [pod] = await podsOf(place, 'web');
  const {images} = statusOf(service) as {images: readonly {image: string; imageDigest: string}[]};
  t.is(images[0]?.image, node.image('2'));
  t.like(pod?.['spec'], {containers: [{image: `${node.image('2').replace(/:2$/, '')}@${images[0]?.imageDigest}`}]});
});

run('without a pull secret the pull is refused and the service says so; with one its pods run', async (t) => {
  const place = await node.person.place('closed');
  await place.apply(taskDefinitions, 'web', {
    family: 'web',
    containerDefinitions: [{name: 'main', image: node.image('1'), memory: 64, command: ['sleep', '3600'], healthCheck, stopTimeout: 2}],
    service: {desiredCount: 1},
  });
  const pod = await eventually('the pull was refused', async () => {
    const [seen] = await podsOf(place, 'web');
    return /^(ErrImagePull|ImagePullBackOff)$/.test(containerOf(seen, 'main').state.waiting?.reason ?? '') && seen;
  });
  const {items} = await node.person.kube.list(
    {apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true},
    {namespace: place.namespace},
  );
  const failures = items.filter(({reason}) => reason === 'Failed').map(({message}) => String(message));
  t.true(
    failures.some((message) => /401|unauthorized|no basic auth|authorization failed/i.test(message)),
    failures.join('\n'),
  );
  const service = await eventually('the service says why', async () => {
    const seen = await place.get(services, 'web');
    return (
      /container main: (ErrImagePull|ImagePullBackOff): .*shop\/web@sha256:.*401/.test(conditionIn(seen, 'Ready')?.message ?? '') && seen
    );
  });
  t.like(conditionIn(service, 'Ready'), {status: 'False', reason: 'DeploymentInProgress'});
  t.like(statusOf(service), {desiredCount: 1, runningCount: 0, pendingCount: 1});
  t.log(`the service says: ${conditionIn(service, 'Ready')?.message}`);
  await node.person.kube.merge(
    {type: clusterPullSecrets, name: 'ecr'},
    {spec: {excludedNamespaces: ['kube-system', 'kube-public', 'kube-node-lease']}},
  );
  await eventually('the secret is there', async () => place.get(secrets, 'ecr-pull'));
  await eventually('the account names it', async () => {
    const account = await place.get({apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true}, 'default');
    return JSON.stringify(account?.['imagePullSecrets'] ?? []).includes('ecr-pull');
  });
  await place.delete(pods, pod.metadata.name);
  await place.until(services, 'web', 'SteadyState', 60);
  t.is((await place.get(deployments, 'web'))?.metadata.generation, 1);
});

async function podsOf(place: Place, service: string): Promise<readonly KubeObject[]> {
  const all = await place.list(pods, `ecs.drayage.dev/service=${service}`);
  return all.filter(({metadata}) => metadata.deletionTimestamp === undefined);
}

interface SeenContainer {
  readonly name: string;
  readonly restartCount: number;
  readonly state: {readonly waiting?: {readonly reason: string}};
  readonly lastState: {readonly terminated?: {readonly exitCode: number}};
}

function containerOf(pod: KubeObject | undefined, name: string): SeenContainer {
  const {containerStatuses = [], initContainerStatuses = []} = statusOf(pod) as Readonly<Record<string, readonly SeenContainer[]>>;
  const seen = [...containerStatuses, ...initContainerStatuses].find((one) => one.name === name);
  return seen ?? {name, restartCount: 0, state: {}, lastState: {}};
}

function isReady(pod: KubeObject | undefined): boolean {
  return conditionIn(pod, 'Ready')?.status === 'True';
}

function statusOf(object: KubeObject | undefined): Readonly<Record<string, unknown>> {
  return (object?.['status'] ?? {}) as Readonly<Record<string, unknown>>;
}
