import type {TaskStatus} from '../../src/kinds/task/schema.ts';
import {tasks as taskType} from '../../src/schema/types.ts';
import {field, guide, onNode, parameter, printing, shell, single, stamp, type Theme} from './behaviour.ts';
import {hold} from './resources.ts';
import type {Scene} from './scene.ts';
import {refusal} from './verdict.ts';

const stopCode = field('Task.stopCode');
const essential = field('ContainerDefinition.essential');
const errors = guide('stopped-task-error-codes');
const overrides = field('ContainerOverride.command');
const run = {};
const stays = 'exec sleep 3600';

/** `EssentialContainerExited`: «Essential container in task exited», 42. */
function end({stopCode: code, stoppedReason, exitCode}: TaskStatus): string {
  return [`\`${code ?? 'no stop code'}\``, stoppedReason, ...(exitCode === undefined ? [] : [exitCode])].join(', ');
}

/** The stop code, and what a reason begins with. */
function failure({stopCode: code, stoppedReason = ''}: TaskStatus): string {
  return `\`${code ?? 'no stop code'}\`, \`${stoppedReason.replace(/:.*/s, '')}\``;
}

async function isRunning({described}: Scene): Promise<boolean> {
  return (await described()).lastStatus === 'RUNNING';
}

const exited = '`EssentialContainerExited`, Essential container in task exited';

export const tasks: Theme = {
  title: 'Tasks that are run by themselves',
  behaviours: [
    {
      id: 'task-ends-well',
      title: 'RunTask, and the essential container ends with 0',
      ecs: {does: `${exited}, 0; it is not run again`, url: stopCode},
      run,
      task: (given) => onNode(given, [{command: shell('echo >>/node/starts; exit 0')}]),
      async observe({ended, lines, within}) {
        const stopped = end(await ended());
        const isAgain = await within(8, async () => (await lines('starts')).length > 1);
        return `${stopped}; it is ${isAgain ? '' : 'not '}run again`;
      },
    },
    {
      id: 'task-ends-badly',
      title: 'RunTask, and it ends with 42',
      ecs: {does: `${exited}, 42; it is not run again`, url: stopCode},
      run,
      task: (given) => onNode(given, [{command: shell('echo >>/node/starts; exit 42')}]),
      async observe({ended, lines, within}) {
        const stopped = end(await ended());
        const isAgain = await within(8, async () => (await lines('starts')).length > 1);
        return `${stopped}; it is ${isAgain ? '' : 'not '}run again`;
      },
    },
    {
      id: 'task-stops-others',
      title: 'RunTask, and an essential container ends: another one, which takes no notice of SIGTERM, with `stopTimeout: 4`',
      ecs: {does: 'SIGTERM at once, SIGKILL after 4 s, exit code 137', url: essential},
      run,
      task: (given) =>
        onNode(given, [
          {name: 'main', command: shell(`until [ -e /node/alive ]; do sleep 0.2; done; sleep 2; ${stamp} >/node/ended`), stopTimeout: 4},
          {
            name: 'deaf',
            stopTimeout: 4,
            command: shell(`trap '${stamp} >>/node/told' TERM; while :; do ${stamp} >>/node/alive; sleep 0.1; done`),
          },
        ]),
      async observe({ended, lines}) {
        const {containers = []} = (await ended()).tasks?.[0] ?? {};
        const at = async (file: string): Promise<number> => Number((await lines(file)).at(-1));
        const told = Number((await lines('told'))[0]);
        const isAtOnce = told - (await at('ended')) < 6;
        const lived = Math.floor((await at('alive')) - told + 0.6);
        const {exitCode} = containers.find(({name}) => name === 'deaf') ?? {};
        return `SIGTERM ${isAtOnce ? 'at once' : 'late'}, SIGKILL after ${lived} s, exit code ${exitCode}`;
      },
    },
    {
      id: 'task-nonessential-ends',
      title: 'RunTask, and a container that is not essential ends with 1',
      ecs: {does: 'the task runs on', url: essential},
      run,
      task: (given) =>
        onNode(given, [
          {name: 'main', command: shell(`echo >>/node/main; ${stays}`)},
          {name: 'side', essential: false, command: shell('until [ -e /node/main ]; do sleep 0.2; done; echo >>/node/ended; exit 1')},
        ]),
      async observe(scene) {
        await scene.until('it runs, and side has ended', async () => (await isRunning(scene)) && (await scene.lines('ended')).length > 0);
        return (await scene.within(8, async () => !(await isRunning(scene)))) ? 'the task stops' : 'the task runs on';
      },
    },
    {
      id: 'task-image-missing',
      title: 'RunTask of a tag that the repository does not have',
      ecs: {does: '`TaskFailedToStart`, `CannotPullContainerError`', url: errors},
      // A pull is tried for a minute.
      slow: true,
      run,
      task: ({image}) => single({image: image('nobody-pushed-that'), command: ['true']}),
      observe: async ({ended}) => failure(await ended(150)),
    },
    {
      id: 'task-command-missing',
      title: 'RunTask of a command that the image does not have',
      ecs: {does: '`TaskFailedToStart`, `CannotStartContainerError`', url: errors},
      run,
      task: single({entryPoint: ['/no/such/command'], command: []}),
      observe: async ({ended}) => failure(await ended()),
    },
    {
      id: 'task-stop',
      title: 'StopTask with a reason, and the container ends with 5 when it gets SIGTERM',
      ecs: {does: '`UserInitiated`, no longer needed, 5', url: parameter('StopTask.reason')},
      run,
      task: (given) =>
        onNode(given, [{command: shell(`trap 'exit 5' TERM; echo >>/node/up; while :; do sleep 0.2; done`), stopTimeout: 10}]),
      async observe({ended, lines, place, until}) {
        await until('it is up', async () => (await lines('up')).length > 0);
        await place.change(taskType, 'app', {spec: {stop: true, stopReason: 'no longer needed'}});
        return end(await ended());
      },
    },
    {
      id: 'task-count',
      title: 'RunTask with `count: 3`, and one of them ends with 1 at once',
      ecs: {does: 'the other 2 run to their end', url: parameter('RunTask.count')},
      run: {count: 3},
      pods: 3,
      task: (given) => onNode(given, [{command: shell('mkdir /node/first 2>/dev/null && exit 1; sleep 6; echo >>/node/ended')}]),
      async observe({ended, lines}) {
        const {tasks: each = []} = await ended();
        const codes = each.map(({exitCode}) => String(exitCode)).toSorted();
        const count = (await lines('ended')).length;
        return codes.join() === '0,0,1' ? `the other ${count} run to their end` : `they end with ${codes.join(', ')}`;
      },
    },
    {
      id: 'task-count-too-many',
      title: 'RunTask with `count: 11`',
      ecs: {does: refusal, url: parameter('RunTask.count')},
      run: {count: 11},
      task: single({command: ['true']}),
      observe: async ({running}) => running().then(() => 'they run'),
    },
    {
      id: 'task-overrides',
      title: 'RunTask with `overrides` of `command`, of a variable that the definition has, and of one that it does not have',
      ecs: {does: 'theirs, and the rest as it is defined', url: overrides},
      run: {
        overrides: {
          containerOverrides: [
            {
              name: 'main',
              command: printing('echo "$KEPT|$CHANGED|$ADDED"'),
              environment: [
                {name: 'CHANGED', value: '$HOME $(KEPT)'},
                {name: 'ADDED', value: 'added'},
              ],
            },
          ],
        },
      },
      task: single({
        command: printing('echo defined'),
        environment: [
          {name: 'KEPT', value: 'kept'},
          {name: 'CHANGED', value: 'before'},
        ],
      }),
      observe: async ({printed}) =>
        (await printed()) === 'kept|$HOME $(KEPT)|added' ? 'theirs, and the rest as it is defined' : `\`${await printed()}\``,
    },
    {
      id: 'task-overrides-memory',
      title: 'RunTask with `overrides` of `memory`: 96 in the place of 16, and it uses 60 MiB',
      ecs: {does: 'it may', url: field('ContainerOverride.memory')},
      run: {overrides: {containerOverrides: [{name: 'main', memory: 96}]}},
      task: single({command: hold(60), memory: 16}),
      observe: async ({printed}) => ((await printed()) === String(60 * 2 ** 20) ? 'it may' : 'it is killed'),
    },
    {
      id: 'task-overrides-nobody',
      title: 'RunTask with `overrides` of a container that the definition does not have',
      ecs: {does: refusal, url: field('ContainerOverride.name')},
      run: {overrides: {containerOverrides: [{name: 'nobody', command: ['true']}]}},
      task: single({command: ['true']}),
      observe: async ({running}) => running().then(() => 'it runs'),
    },
    {
      id: 'task-secret',
      title: 'RunTask with `secrets`, and the value is changed while it runs',
      ecs: {does: 'it has what was there when it was run', url: guide('secrets-envvar-secrets-manager')},
      stored: {secrets: {db: ['old']}},
      run: {cluster: 'conformance'},
      task: ({held}) => single({command: printing('echo "$VALUE"'), secrets: [{name: 'VALUE', valueFrom: held.secret('db')}]}),
      async observe({printed, store, within, pods}) {
        const value = await printed();
        await store({secrets: {db: ['new']}});
        const isAnother = await within(5, async () => (await pods()).length > 1);
        return value === 'old' && !isAnother ? 'it has what was there when it was run' : `it has \`${value}\``;
      },
    },
    {
      id: 'task-unhealthy',
      title: 'RunTask, and the essential container becomes unhealthy',
      ecs: {does: 'the task runs on', url: field('HealthCheck.command')},
      run,
      task: single({
        command: ['sleep', '3600'],
        healthCheck: {command: ['CMD', 'false'], interval: 5, timeout: 2, retries: 1},
      }),
      async observe(scene) {
        await scene.until('it runs', async () => isRunning(scene));
        return (await scene.within(15, async () => !(await isRunning(scene)))) ? 'the task stops' : 'the task runs on';
      },
    },
    {
      id: 'task-out-of-memory',
      title: 'RunTask, and the essential container takes more than its `memory`',
      ecs: {does: `${exited}, 137; \`OutOfMemoryError\``, url: errors},
      run,
      task: single({command: ['tail', '/dev/zero'], memory: 16}),
      async observe({ended}) {
        const status = await ended();
        const {reason = 'no reason'} = status.tasks?.[0]?.containers?.[0] ?? {};
        return `${end(status)}; \`${reason.replace(/:.*/s, '')}\``;
      },
    },
    {
      id: 'task-depends-on-success-fails',
      title: 'RunTask: web `dependsOn` migrate `SUCCESS`, and migrate ends with 1',
      ecs: {does: 'web never starts, and the task stops', url: field('ContainerDependency.condition')},
      run,
      task: (given) =>
        onNode(given, [
          {name: 'web', command: shell(`echo >>/node/web; ${stays}`), dependsOn: [{containerName: 'migrate', condition: 'SUCCESS'}]},
          {name: 'migrate', essential: false, command: shell('exit 1')},
        ]),
      async observe({ended, lines}) {
        await ended();
        return (await lines('web')).length > 0 ? 'web starts' : 'web never starts, and the task stops';
      },
    },
  ],
};
