import {field, guide, onNode, shell, single, type Theme} from './behaviour.ts';
import {containerOf, isReady} from './scene.ts';

const check = (name: string): string => field(`HealthCheck.${name}`);
const started = 'hostname >>/node/starts; n=$(wc -l </node/starts)';
const stays = 'exec sleep 3600';

export const health: Theme = {
  title: 'Health',
  behaviours: [
    {
      id: 'unhealthy',
      title: 'The essential container of a running service becomes unhealthy',
      ecs: {does: 'the task is stopped, and another started', url: guide('healthcheck')},
      note: /UnhealthyInPlaceRestart|healthCheck/,
      task: (given) =>
        onNode(given, [
          {
            command: shell(`${started}; touch /tmp/ok; [ $n -gt 1 ] || { sleep 8; rm /tmp/ok; }; ${stays}`),
            healthCheck: {command: ['CMD-SHELL', 'test -e /tmp/ok'], interval: 5, timeout: 2, retries: 1},
          },
        ]),
      async observe({lines, until}) {
        await until('it has started twice', async () => (await lines('starts')).length > 1);
        const isAnother = new Set(await lines('starts')).size > 1;
        return isAnother ? 'the task is stopped, and another started' : 'the container is started again in its task';
      },
    },
    {
      id: 'health-retries',
      title: 'Failed checks before a container with `retries: 2` counts as unhealthy',
      ecs: {does: '2', url: check('retries')},
      task: (given) =>
        onNode(given, [
          {
            command: shell(`wc -l </node/checks >>/node/counts; ${stays}`),
            healthCheck: {command: ['CMD-SHELL', 'echo >>/node/checks; exit 1'], interval: 5, timeout: 2, retries: 2},
          },
        ]),
      async observe({lines, until}) {
        await until('it has started twice', async () => (await lines('counts')).some((count) => count !== '0'));
        return (await lines('counts')).find((count) => count !== '0') ?? '';
      },
    },
    {
      id: 'health-start-period',
      title: 'Checks fail for 8 seconds, within `startPeriod: 30`, with `retries: 1`',
      ecs: {does: 'it is not stopped, and becomes healthy', url: check('startPeriod')},
      task: (given) =>
        onNode(given, [
          {
            command: shell(`${started}; sleep 8; touch /tmp/ok; ${stays}`),
            healthCheck: {command: ['CMD-SHELL', 'test -e /tmp/ok'], interval: 5, timeout: 2, retries: 1, startPeriod: 30},
          },
        ]),
      async observe({lines, living, until}) {
        await until('it is ready', async () => (await living()).some(isReady));
        return (await lines('starts')).length === 1 ? 'it is not stopped, and becomes healthy' : 'it is stopped';
      },
    },
    {
      id: 'health-timeout',
      title: 'A check that hangs for longer than `timeout`',
      ecs: {does: 'it has failed', url: check('timeout')},
      task: (given) =>
        onNode(given, [
          {command: shell(`${started}; ${stays}`), healthCheck: {command: ['CMD', 'sleep', '60'], interval: 5, timeout: 2, retries: 1}},
        ]),
      observe: async ({lines, within}) =>
        (await within(45, async () => (await lines('starts')).length > 1)) ? 'it has failed' : 'it counts for nothing',
    },
    {
      id: 'health-forms',
      title: '`$X` in a check of the form `CMD`, and in one of the form `CMD-SHELL`',
      ecs: {does: 'as written, and its value', url: check('command')},
      task: {
        containerDefinitions: [
          {
            name: 'program',
            command: shell(`touch '/tmp/$X'; ${stays}`),
            environment: [{name: 'X', value: 'value'}],
            healthCheck: {command: ['CMD', 'test', '-e', '/tmp/$X'], interval: 5, retries: 1, startPeriod: 5},
          },
          {
            name: 'line',
            command: shell(`touch /tmp/value; ${stays}`),
            environment: [{name: 'X', value: 'value'}],
            healthCheck: {command: ['CMD-SHELL', 'test -e /tmp/$X'], interval: 5, retries: 1, startPeriod: 5},
          },
        ],
      },
      async observe({living, until}) {
        await until('both are healthy', async () => (await living()).some(isReady));
        return 'as written, and its value';
      },
    },
    {
      id: 'health-of-a-nonessential',
      title: 'A container that is not essential is unhealthy all the time',
      ecs: {does: 'the task runs, and so does the container', url: guide('healthcheck')},
      note: /\[1\]\.(healthCheck|essential)/,
      task: (given) =>
        onNode(given, [
          {name: 'main', command: shell(`hostname >>/node/main; ${stays}`)},
          {
            name: 'side',
            essential: false,
            command: shell(`${started}; ${stays}`),
            healthCheck: {command: ['CMD', 'false'], interval: 5, timeout: 2, retries: 1},
          },
        ]),
      async observe({lines, until, within}) {
        await until('side has started', async () => (await lines('starts')).length > 0);
        const runsOn = !(await within(15, async () => (await lines('starts')).length > 1));
        if ((await lines('main')).length === 0) return 'nothing else starts';
        return runsOn ? 'the task runs, and so does the container' : 'the container is started again and again';
      },
    },
    {
      id: 'health-none',
      title: 'A new task counts as healthy where no essential container has a health check',
      ecs: {does: '40 seconds after it runs', url: field('DeploymentConfiguration.minimumHealthyPercent')},
      slow: true,
      task: single({command: ['sleep', '3600']}),
      async observe({running, steady}) {
        const {state} = containerOf(await running(), 'main');
        await steady();
        const seconds = (Date.now() - Date.parse(state.running?.startedAt ?? '')) / 1000;
        return seconds < 35 ? 'as soon as it runs' : '40 seconds after it runs';
      },
    },
  ],
};
