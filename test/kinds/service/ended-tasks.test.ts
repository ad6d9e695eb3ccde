import test from 'ava';
import {endedTasks, whyStopped} from '../../../src/kinds/service/ended-tasks.ts';
import {brief} from '../../../src/kinds/service/pods.ts';
import {stopSteps} from '../../../src/kinds/service/steps.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

const now = new Date('2026-11-24T12:00:00Z');

const startTime = '2026-11-24T11:50:00Z';
const ended = (at: string, exitCode = 3) => ({terminated: {exitCode, finishedAt: at}});

function pod(status: Readonly<Record<string, unknown>>, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return brief({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'shop-1',
      namespace: 'ns',
      uid: 'p-1',
      annotations: {'ecs.drayage.dev/essential-containers': 'web,db', other: 'x'},
      ...metadata,
    },
    status: {startTime, ...status},
  });
}

const web = (state: object): Readonly<Record<string, unknown>> => ({
  containerStatuses: [{name: 'web', restartCount: 1, image: 'x', ...state}],
});
const cases: readonly (readonly [string, KubeObject, readonly string[]])[] = [
  ['it has just ended', pod(web({state: ended('2026-11-24T11:59:59Z')})), ['web 3']],
  ['the kubelet has started it again already', pod(web({state: {running: {}}, lastState: ended('2026-11-24T11:59:30Z', 0)})), ['web 0']],
  ['it stands among the init containers', pod({initContainerStatuses: [{name: 'db', state: ended('2026-11-24T11:59:59Z', 1)}]}), ['db 1']],
  ['nothing has ended', pod(web({state: {running: {startedAt: startTime}}})), []],
  ['it is not essential', pod({containerStatuses: [{name: 'agent', state: ended('2026-11-24T11:59:59Z')}]}), []],
  ['it ended in the first minute of its pod', pod({startTime: '2026-11-24T11:59:10Z', ...web({state: ended('2026-11-24T11:59:59Z')})}), []],
  ['it ended long ago and runs since', pod(web({state: {running: {}}, lastState: ended('2026-11-24T11:55:00Z')})), []],
  ['its pod is being deleted', pod(web({state: ended('2026-11-24T11:59:59Z')}), {deletionTimestamp: '2026-11-24T11:59:59Z'}), []],
  ['its pod says nothing of essential containers', pod(web({state: ended('2026-11-24T11:59:59Z')}), {annotations: {}}), []],
  ['nothing is known of it yet', pod({}), []],
];
for (const [what, seen, expected] of cases) {
  test(`${what}: the task ${expected.length === 0 ? 'is let be' : 'is stopped'}`, (t) => {
    t.deepEqual(
      endedTasks([seen], now).map(({container, exitCode}) => `${container} ${exitCode}`),
      expected,
    );
  });
}

test('what is said of a task that is stopped names the container and its exit code', (t) => {
  const [task] = endedTasks([pod(web({state: ended('2026-11-24T11:59:59Z', 137)}))], now);
  t.is(task && whyStopped(task), 'stop the task shop-1: its essential container web has exited with exit code 137');
});

test('only what the objects of the service made may be stopped', (t) => {
  const pods = [pod(web({state: ended('2026-11-24T11:59:59Z')}))];
  const objects = [{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'shop', namespace: 'ns', uid: 'd-1'}}];
  t.like(stopSteps({pods, objects}, now), [{is: 'stop', call: 'StopTask', object: {metadata: {uid: 'p-1'}}, makers: ['d-1']}]);
});
