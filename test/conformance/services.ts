import {services as serviceType, taskDefinitions} from '../../src/schema/types.ts';
import {field, guide, onNode, parameter, printing, shell, single, stamp, type Container, type Task, type Theme} from './behaviour.ts';
import {isReady, type Scene} from './scene.ts';

const configuration = (name: string): string => field(`DeploymentConfiguration.${name}`);
const percent = (minimumHealthyPercent: number, maximumPercent: number) => ({
  desiredCount: 1,
  deploymentConfiguration: {minimumHealthyPercent, maximumPercent},
});
/** Healthy after 3 seconds. */
const version = (number: string): Container => ({
  command: shell('sleep 3; touch /tmp/ok; exec sleep 3600'),
  environment: [{name: 'VERSION', value: number}],
  healthCheck: {command: ['CMD', 'test', '-e', '/tmp/ok'], interval: 5, retries: 3},
});
const stays = (number: string): Task => single(version(number));

/** Which comes first: the new task is healthy, or the old one is told to stop. */
async function handOver(scene: Scene, service: Readonly<Record<string, unknown>>): Promise<string> {
  await scene.steady();
  const [old] = await scene.living();
  await scene.apply(stays('2'), service);
  return scene.until('the old one is stopped', async () => {
    const all = await scene.pods();
    if (all.some(({metadata}) => metadata.uid === old?.metadata.uid && metadata.deletionTimestamp === undefined)) return undefined;
    // A new one needs 3 seconds to become healthy, which is more than the time between two looks.
    return all.some((pod) => pod.metadata.uid !== old?.metadata.uid && isReady(pod))
      ? 'the new task is healthy before the old one is stopped'
      : 'the old task is stopped before the new one is healthy';
  });
}

async function keepsOld(scene: Scene, broken: Container): Promise<string> {
  await scene.steady();
  const [old] = await scene.living();
  await scene.apply(single({...broken, environment: [{name: 'VERSION', value: '2'}]}), percent(100, 200));
  await scene.until('the next is there', async () => (await scene.living()).length > 1);
  const isGone = await scene.within(15, async () => {
    const all = await scene.living();
    return !all.some((pod) => pod.metadata.uid === old?.metadata.uid && isReady(pod));
  });
  return isGone ? 'it is gone' : 'it runs on';
}

export const services: Theme = {
  title: 'Services',
  behaviours: [
    {
      id: 'desired-count',
      title: '`desiredCount: 3`',
      ecs: {does: '3 run', url: parameter('CreateService.desiredCount')},
      pods: 3,
      service: {desiredCount: 3},
      task: stays('1'),
      async observe({steady, service}) {
        await steady();
        return `${String((await service())['runningCount'])} run`;
      },
    },
    {
      id: 'scale',
      title: 'The number of tasks is set from outside: UpdateService, an autoscaler; here `kubectl scale`',
      ecs: {does: '2 run', url: parameter('UpdateService.desiredCount')},
      pods: 2,
      service: {deploymentConfiguration: {maximumPercent: 200}},
      task: stays('1'),
      async observe({steady, service, kubectl, until}) {
        await steady();
        await kubectl('scale', 'services.ecs.drayage.dev', 'app', '--replicas', '2');
        await until('two run', async () => (await service())['runningCount'] === 2);
        return '2 run';
      },
    },
    {
      id: 'deploy-100-200',
      title: 'A new revision, with `minimumHealthyPercent: 100` and `maximumPercent: 200`',
      ecs: {does: 'the new task is healthy before the old one is stopped', url: configuration('minimumHealthyPercent')},
      pods: 2,
      service: percent(100, 200),
      task: stays('1'),
      observe: (scene) => handOver(scene, percent(100, 200)),
    },
    {
      id: 'deploy-0-100',
      title: 'The same with 0 and 100',
      ecs: {does: 'the old task is stopped before the new one is healthy', url: configuration('maximumPercent')},
      service: percent(0, 100),
      task: stays('1'),
      observe: (scene) => handOver(scene, percent(0, 100)),
    },
    {
      id: 'deploy-100-100',
      title: 'The same with 100 and 100, which let nothing be replaced',
      ecs: {does: 'the deployment does not go on', url: configuration('minimumHealthyPercent')},
      note: /DeploymentNeedsRoom/,
      service: percent(100, 100),
      task: stays('1'),
      observe: (scene) => handOver(scene, percent(100, 100)),
    },
    {
      id: 'deploy-image-missing',
      title: 'The task that runs, while the image of a new revision cannot be pulled',
      ecs: {does: 'it runs on', url: configuration('minimumHealthyPercent')},
      pods: 2,
      service: percent(100, 200),
      task: stays('1'),
      observe: async (scene) => keepsOld(scene, {image: scene.image('nobody-pushed-this'), command: ['true']}),
    },
    {
      id: 'deploy-unhealthy',
      title: 'The task that runs, while a new revision does not become healthy',
      ecs: {does: 'it runs on', url: configuration('minimumHealthyPercent')},
      pods: 2,
      service: percent(100, 200),
      task: stays('1'),
      observe: async (scene) =>
        keepsOld(scene, {command: ['sleep', '3600'], healthCheck: {command: ['CMD', 'false'], interval: 5, timeout: 2, retries: 1}}),
    },
    {
      id: 'circuit-breaker',
      title: '`deploymentCircuitBreaker` with `rollback`, and the tasks of a new revision end at once',
      ecs: {does: 'the service goes back to the revision before', url: configuration('deploymentCircuitBreaker')},
      note: /deploymentCircuitBreaker/,
      slow: true,
      pods: 2,
      service: {...percent(100, 200), ...breaker()},
      task: stays('1'),
      async observe(scene) {
        await scene.steady();
        const deployed = async (): Promise<unknown> => (await scene.service())['taskDefinition'];
        await scene.apply(single({command: ['false']}), {desiredCount: 1, ...breaker()});
        await scene.until('the next is deployed', async () => (await deployed()) === 'app:2');
        const isBack = await scene.within(90, async () => (await deployed()) === 'app:1');
        return isBack ? 'the service goes back to the revision before' : 'it tries on';
      },
    },
    {
      id: 'revisions',
      title: 'The revisions of a family that is registered, then changed, then changed back',
      ecs: {does: '1, 2, 3', url: parameter('RegisterTaskDefinition.family')},
      task: stays('1'),
      observe: async ({apply, service, until}) => {
        const seen: number[] = [];
        for (const [index, number] of ['1', '2', '1'].entries()) {
          if (index > 0) await apply(stays(number));
          await until('it is deployed', async () => (await service())['taskDefinition'] === `app:${index + 1}`, 20);
          seen.push(index + 1);
        }
        return seen.join(', ');
      },
    },
    {
      id: 'revision-again',
      title: 'The same definition is registered once more',
      ecs: {does: 'it gets another number', url: parameter('RegisterTaskDefinition.family')},
      unnoted: {verdict: 'different', why: 'Applying an object twice does nothing twice: GitOps tools do so all day.'},
      task: stays('1'),
      async observe({steady, apply, kubectl}) {
        await steady();
        await apply(stays('1'), {desiredCount: 1, tags: [{key: 'again', value: 'yes'}]});
        await steady();
        const revisions = (await kubectl('get', 'controllerrevisions', '-o', 'name', '-l', 'ecs.drayage.dev/family=app'))
          .trim()
          .split('\n');
        return revisions.length > 1 ? 'it gets another number' : 'it keeps its number';
      },
    },
    {
      id: 'revision-named',
      title: 'A service that names `app:1`, after `app:2` was registered',
      ecs: {does: 'it runs `app:1`', url: parameter('CreateService.taskDefinition')},
      service: {desiredCount: 1, taskDefinition: 'app:1'},
      task: stays('1'),
      async observe({steady, apply, service, kubectl, until}) {
        await steady();
        await apply(stays('2'), {desiredCount: 1, taskDefinition: 'app:1'});
        await until('the second is registered', async () => /app.*2/.test(await kubectl('get', 'taskdefinitions', '-o', 'wide')));
        await steady();
        return `it runs \`${String((await service())['taskDefinition'])}\``;
      },
    },
    {
      id: 'daemon',
      title: '`schedulingStrategy: "DAEMON"`',
      ecs: {does: 'a task on each node', url: parameter('CreateService.schedulingStrategy')},
      note: /schedulingStrategy/,
      service: {schedulingStrategy: 'DAEMON'},
      task: stays('1'),
      async observe({running, living, kubectl}) {
        await running();
        const isDaemon = (await kubectl('get', 'daemonsets', '-o', 'name')).trim() !== '';
        return isDaemon && (await living()).length === 1 ? 'a task on each node' : 'as many as are asked for';
      },
    },
    {
      id: 'delete',
      title: 'A service is deleted (with `--force`, as its tasks still run)',
      ecs: {does: 'its tasks get SIGTERM, and end', url: parameter('DeleteService.force')},
      task: (given) =>
        onNode(given, [{command: shell(`trap '${stamp} >>/node/told; exit 0' TERM; echo >>/node/up; while :; do sleep 0.2; done`)}]),
      async observe({place, pods, lines, until}) {
        await until('it is up', async () => (await lines('up')).length > 0);
        await place.delete(taskDefinitions, 'app');
        await until('the service is gone', async () => (await place.get(serviceType, 'app')) === undefined && (await pods()).length === 0);
        return (await lines('told')).length > 0 ? 'its tasks get SIGTERM, and end' : 'its tasks are gone';
      },
    },
    {
      id: 'execute-command',
      title: '`enableExecuteCommand`, and a command is run in a container',
      ecs: {does: 'it runs', url: guide('ecs-exec')},
      service: {desiredCount: 1, enableExecuteCommand: true},
      task: single({command: printing('true')}),
      async observe({running, printed, kubectl}) {
        await printed();
        return (await kubectl('exec', (await running()).metadata.name, '-c', 'main', '--', 'echo', 'it runs')).trim();
      },
    },
    {
      id: 'logs',
      title: 'What a container with the log driver `awslogs` prints',
      ecs: {does: 'it is in the log group', url: guide('using_awslogs')},
      note: /logConfiguration/,
      task: single({
        command: printing('echo hello'),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {'awslogs-group': 'shop', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'app'},
        },
      }),
      observe: async ({printed}) => ((await printed()) === 'hello' ? 'it is in the log of the node' : 'it is nowhere'),
    },
    {
      id: 'names',
      title: 'A container called `Log_Router`',
      ecs: {does: 'it has that name', url: field('ContainerDefinition.name')},
      note: /NameNormalised/,
      task: single({name: 'Log_Router', command: ['sleep', '3600']}),
      async observe({running}) {
        const pod = await running();
        const {containers = []} = (pod.spec ?? {}) as {containers?: readonly {name: string}[]};
        const names = JSON.parse(pod.metadata.annotations?.['ecs.drayage.dev/container-names'] ?? '{}') as Readonly<Record<string, string>>;
        const [{name} = {name: ''}] = containers;
        if (name === 'Log_Router') return 'it has that name';
        return names[name] === 'Log_Router' ? 'it has one of Kubernetes, and an annotation has that one' : 'it has another';
      },
    },
    {
      id: 'duplicate-names',
      title: 'Two containers of one name',
      ecs: {does: 'refused', url: field('ContainerDefinition.name')},
      task: {containerDefinitions: [{command: ['true']}, {command: ['true']}]},
      observe: async ({running}) => running().then(() => 'it runs'),
    },
  ],
};

function breaker(): Readonly<Record<string, unknown>> {
  const deploymentCircuitBreaker = {enable: true, rollback: true};
  return {deploymentConfiguration: {minimumHealthyPercent: 100, maximumPercent: 200, deploymentCircuitBreaker}};
}
