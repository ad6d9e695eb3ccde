import {field, guide, onNode, shell, stamp, type Container, type Theme} from './behaviour.ts';
import {pods, type Scene} from './scene.ts';

const stopTimeout = field('ContainerDefinition.stopTimeout');

/** Takes no notice of SIGTERM, and writes down when it came and when it still lived. */
function deaf(name: string): Container {
  return {name, command: shell(`trap '${stamp} >>/node/${name}.told' TERM; while :; do ${stamp} >>/node/${name}.alive; sleep 0.1; done`)};
}

async function lived({lines}: Scene, name: string): Promise<number> {
  const [told] = await lines(`${name}.told`);
  const last = (await lines(`${name}.alive`)).at(-1);
  return Number(last) - Number(told);
}

/** Waits until a task is up and has been stopped; gives the seconds that the stop took. */
async function stopped({running, until, scale, lines, pods: all}: Scene): Promise<number> {
  await running();
  // What is to be stopped must have got as far as to set its trap.
  await until('all containers are at work', async () => (await lines('main.alive')).length > 0);
  const begun = performance.now();
  await scale(0);
  await until('the task is gone', async () => (await all()).length === 0, 100);
  return (performance.now() - begun) / 1000;
}

/** The last sign of life comes up to a turn of the loop before the end, and the first notice of SIGTERM as much after it. */
function wholeSeconds(seconds: number): string {
  return `${Math.floor(seconds + 0.6)} s`;
}

export const stopping: Theme = {
  title: 'Stopping a task',
  behaviours: [
    {
      id: 'stop-timeout',
      title: 'From SIGTERM to SIGKILL, with `stopTimeout: 4`',
      ecs: {does: '4 s', url: stopTimeout},
      task: (given) => onNode(given, [{...deaf('main'), stopTimeout: 4}]),
      async observe(scene) {
        await stopped(scene);
        return wholeSeconds(await lived(scene, 'main'));
      },
    },
    {
      id: 'stop-timeout-default',
      title: 'From SIGTERM to SIGKILL, with no `stopTimeout`',
      ecs: {does: '30 s', url: stopTimeout},
      slow: true,
      task: (given) => onNode(given, [{...deaf('main'), stopTimeout: undefined}]),
      async observe(scene) {
        await stopped(scene);
        return wholeSeconds(await lived(scene, 'main'));
      },
    },
    {
      id: 'stop-timeouts',
      title: 'The same of two containers, with `stopTimeout: 2` and `stopTimeout: 7`',
      ecs: {does: '2 s and 7 s', url: stopTimeout},
      note: /stopTimeout/,
      task: (given) =>
        onNode(given, [
          {...deaf('other'), stopTimeout: 2},
          {...deaf('main'), stopTimeout: 7},
        ]),
      async observe(scene) {
        await stopped(scene);
        return `${wholeSeconds(await lived(scene, 'other'))} and ${wholeSeconds(await lived(scene, 'main'))}`;
      },
    },
    {
      id: 'stop-at-once',
      title: 'A container ends when it gets SIGTERM, with `stopTimeout: 60`',
      ecs: {does: 'the task ends with it', url: stopTimeout},
      task: (given) =>
        onNode(given, [{command: shell(`trap 'exit 0' TERM; while :; do echo >>/node/main.alive; sleep 0.2; done`), stopTimeout: 60}]),
      observe: async (scene) => ((await stopped(scene)) < 40 ? 'the task ends with it' : 'it is waited for all the same'),
    },
    {
      id: 'stop-order',
      title: 'web `dependsOn` db `START`, and the task is stopped',
      ecs: {does: 'web is stopped, then db', url: field('ContainerDefinition.dependsOn')},
      note: /dependsOn/,
      task: (given) =>
        onNode(given, [
          {
            name: 'web',
            stopTimeout: 10,
            command: shell(`trap 'sleep 2; ${stamp} >>/node/web.ended; exit 0' TERM; while :; do sleep 0.2; done`),
            dependsOn: [{containerName: 'db', condition: 'START'}],
          },
          {
            name: 'db',
            stopTimeout: 10,
            command: shell(`trap '${stamp} >>/node/db.told; exit 0' TERM; while :; do echo >>/node/main.alive; sleep 0.2; done`),
          },
        ]),
      async observe(scene) {
        await stopped(scene);
        const [ended] = await scene.lines('web.ended');
        const [told] = await scene.lines('db.told');
        return Number(told) >= Number(ended) ? 'web is stopped, then db' : 'both are stopped at one time';
      },
    },
    {
      id: 'stop-replaced',
      title: 'A task of a service is stopped by hand',
      ecs: {does: 'the service starts another', url: guide('ecs_services')},
      task: (given) => onNode(given, [{command: shell('hostname >>/node/starts; exec sleep 3600')}]),
      async observe({running, place, lines, until}) {
        const pod = await running();
        await place.delete(pods, pod.metadata.name);
        await until('another has started', async () => new Set(await lines('starts')).size > 1);
        return 'the service starts another';
      },
    },
  ],
};
