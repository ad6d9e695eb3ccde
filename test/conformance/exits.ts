import {field, guide, onNode, printing, shell, type Given, type Task, type Theme} from './behaviour.ts';
import {containersOf, isReady, type Scene} from './scene.ts';
import {refusal} from './verdict.ts';

const essential = field('ContainerDefinition.essential');
const restartPolicy = (name: string): string => field(`ContainerRestartPolicy.${name}`);
/** Notes its start in the node's folder, and which start it is. */
const starts = (name: string): string => `hostname >>/node/${name}; n=$(wc -l </node/${name})`;
const stays = 'exec sleep 3600';

/** The container called main ends once, after some seconds; the other never. */
function endsOnce(end: string, main: object = {}): (given: Given) => Task {
  return (given) =>
    onNode(given, [
      {name: 'main', command: shell(`${starts('main')}; [ $n -gt 1 ] || { ${end}; }; ${stays}`), ...main},
      {name: 'other', command: shell(`${starts('other')}; ${stays}`)},
    ]);
}

const whole = 'the other container is stopped and started too';
const alone = 'it is started again, and the other runs on';

async function whoStarts({lines, until, within}: Scene): Promise<string> {
  await until('main has started again', async () => (await lines('main')).length > 1, 100);
  return (await within(15, async () => (await lines('other')).length > 1)) ? whole : alone;
}

export const exits: Theme = {
  title: 'Ends of containers',
  behaviours: [
    {
      id: 'essential-ends',
      title: 'An essential container ends with 3, soon after its start',
      ecs: {does: whole, url: essential},
      note: /\.essential/,
      task: endsOnce('sleep 2; exit 3'),
      observe: whoStarts,
    },
    {
      id: 'essential-ends-late',
      title: 'The same after more than a minute',
      ecs: {does: whole, url: essential},
      note: /\.essential/,
      slow: true,
      task: endsOnce('sleep 65; exit 3'),
      observe: whoStarts,
    },
    {
      id: 'essential-ends-well',
      title: 'An essential container ends with 0, in a service',
      ecs: {does: 'it runs again', url: guide('ecs_services')},
      task: (given) => onNode(given, [{command: shell(`${starts('main')}; [ $n -gt 1 ] || exit 0; ${stays}`)}]),
      async observe({lines, until}) {
        await until('main has started again', async () => (await lines('main')).length > 1);
        return 'it runs again';
      },
    },
    {
      id: 'essential-ends-volume',
      title: 'What is in a volume of a task after an essential container has ended and runs again',
      ecs: {does: 'nothing: it is another task', url: essential},
      note: /\.essential/,
      task(given) {
        const {containerDefinitions, volumes} = onNode(given, []) as Task & {volumes: readonly object[]};
        const script = `${starts('main')}; ls /scratch >>/node/seen; echo seen >>/node/seen; touch /scratch/file; [ $n -gt 1 ] || exit 3; ${stays}`;
        const mountPoints = [
          {sourceVolume: 'node', containerPath: '/node'},
          {sourceVolume: 'scratch', containerPath: '/scratch'},
        ];
        return {
          containerDefinitions: [...containerDefinitions, {command: shell(script), mountPoints}],
          volumes: [...volumes, {name: 'scratch'}],
        };
      },
      async observe({lines, until}) {
        await until('it has run twice', async () => (await lines('seen')).filter((line) => line === 'seen').length > 1);
        return (await lines('seen')).includes('file') ? 'what was there before' : 'nothing: it is another task';
      },
    },
    {
      id: 'exit-code',
      title: 'The exit code of an essential container that ended with 42',
      ecs: {does: 'it can be read', url: field('Container.exitCode')},
      task: endsOnce('exit 42'),
      async observe({pods, within}) {
        const isThere = await within(20, async () =>
          (await pods()).some((pod) =>
            containersOf(pod).some(({state, lastState}) => [state, lastState].some(({terminated}) => terminated?.exitCode === 42)),
          ),
        );
        return isThere ? 'it can be read' : 'it is nowhere';
      },
    },
    {
      id: 'nonessential-ends',
      title: 'A container that is not essential ends with 1',
      ecs: {does: 'the task runs on, and counts as running', url: essential},
      note: /\[1\]\.essential/,
      task: (given) =>
        onNode(given, [
          {name: 'main', command: shell(`${starts('main')}; ${stays}`)},
          {name: 'side', essential: false, command: shell('sleep 3; echo >>/node/ended; exit 1')},
        ]),
      async observe({lines, living, service, until, within}) {
        await until('the task is ready', async () => (await living()).some(isReady));
        await until('side has ended', async () => (await lines('ended')).length > 0);
        const isDown = await within(15, async () => !(await living()).every(isReady) || (await service())['runningCount'] !== 1);
        if ((await lines('main')).length > 1) return 'the task is started again';
        return isDown ? 'the task runs on, and does not count as running for some time' : 'the task runs on, and counts as running';
      },
    },
    {
      id: 'nonessential-ends-once',
      title: 'A container that is not essential has ended with 0',
      ecs: {does: 'it stays ended', url: essential},
      note: /\[1\]\.essential/,
      task: (given) =>
        onNode(given, [
          {name: 'main', command: printing('true')},
          {name: 'side', essential: false, command: shell('echo >>/node/side')},
        ]),
      async observe({lines, printed, within}) {
        await printed('main');
        return (await within(15, async () => (await lines('side')).length > 1)) ? 'it is started again and again' : 'it stays ended';
      },
    },
    {
      id: 'restart-policy',
      title: '`restartPolicy` of an essential container that has run for longer than `restartAttemptPeriod` when it ends',
      ecs: {does: alone, url: restartPolicy('enabled')},
      slow: true,
      note: /restartPolicy/,
      task: endsOnce('sleep 61; exit 3', {restartPolicy: {enabled: true, restartAttemptPeriod: 60}}),
      observe: whoStarts,
    },
    {
      id: 'restart-policy-too-early',
      title: '`restartPolicy` of an essential container that ends before `restartAttemptPeriod` is over',
      ecs: {does: whole, url: restartPolicy('restartAttemptPeriod')},
      note: /restartPolicy/,
      task: endsOnce('sleep 2; exit 3', {restartPolicy: {enabled: true, restartAttemptPeriod: 60}}),
      observe: whoStarts,
    },
    {
      id: 'restart-policy-ignored-codes',
      title: '`restartPolicy` with `ignoredExitCodes: [0]` of a container that is not essential and ends with 0',
      ecs: {does: 'it stays ended', url: restartPolicy('ignoredExitCodes')},
      note: /restartPolicy/,
      task: (given) =>
        onNode(given, [
          {name: 'main', command: printing('true')},
          {name: 'side', essential: false, restartPolicy: {enabled: true, ignoredExitCodes: [0]}, command: shell('echo >>/node/side')},
        ]),
      async observe({lines, printed, within}) {
        await printed('main');
        return (await within(15, async () => (await lines('side')).length > 1)) ? 'it is started again and again' : 'it stays ended';
      },
    },
    {
      id: 'no-essential',
      title: 'No container is essential',
      ecs: {does: refusal, url: essential},
      task: {containerDefinitions: [{essential: false, command: ['true']}]},
      observe: async ({running}) => running().then(() => 'it runs'),
    },
  ],
};
