import type {KubeObject} from '../../src/schema/object.ts';
import {pods, services, taskDefinitions} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {onNode} from '../support/on-node.ts';
import {conditionIn, type Place} from '../support/place.ts';

const node = onNode({repository: 'shop/web', tags: {'1': {}}});
const {run, opened} = node;

const healthCheck = {command: ['CMD-SHELL', 'true'], interval: 5, retries: 2};
const definition = (tag: string, command: readonly string[], more: object = {}) => ({
  family: 'web',
  containerDefinitions: [{name: 'main', image: node.image(tag), memory: 64, command, stopTimeout: 2, healthCheck, ...more}],
});
const runs = ['sleep', '3600'];

for (const [name, title, bad] of [
  ['exits', 'that exit', () => definition('1', ['sh', '-c', 'exit 3'])],
  ['missing', 'whose image is not there', () => definition('no-such-tag', runs)],
  [
    'unhealthy',
    'that fail their health check',
    () => definition('1', runs, {healthCheck: {...healthCheck, command: ['CMD-SHELL', 'exit 1'], retries: 1}}),
  ],
] as const) {
  run(`a circuit breaker takes tasks ${title} back, and what ran before is never touched`, async (t) => {
    const place = await opened(`breaks-${name}`);
    await place.apply(taskDefinitions, 'web', definition('1', runs));
    const deploymentConfiguration = {deploymentCircuitBreaker: {enable: true, rollback: true}};
    await place.apply(services, 'web', {taskDefinition: 'web', desiredCount: 1, deploymentConfiguration});
    await place.until(services, 'web', 'SteadyState', 90);
    const [before] = await live(place);
    const started = performance.now();
    await place.apply(taskDefinitions, 'web', bad());
    const service = await place.until(services, 'web', 'RolledBack', 180);
    t.log(`rolled back after ${Math.round((performance.now() - started) / 1000)} s: ${conditionIn(service, 'Ready')?.message}`);
    const [primary, failed] = (service['status'] as {deployments: readonly Readonly<Record<string, unknown>>[]}).deployments;
    t.like(primary, {taskDefinition: 'web:1', rolloutState: 'COMPLETED', runningCount: 1});
    t.like(failed, {taskDefinition: 'web:2', rolloutState: 'FAILED'});
    t.true(Number(failed?.['failedTasks']) >= 3);
    const cause = name === 'unhealthy' ? 'tasks failed container health checks' : 'tasks failed to start';
    t.is(failed?.['rolloutStateReason'], `ECS deployment circuit breaker: ${cause}.`);
    await eventually('only the old task is left', async () => (await live(place)).length === 1);
    const [after] = await live(place);
    t.is(after?.metadata.uid, before?.metadata.uid);
    t.is(restartsOf(after), 0);
    if (name !== 'exits') return;
    await place.apply(taskDefinitions, 'web', definition('1', [...runs, '1']));
    const mended = await place.until(services, 'web', 'SteadyState', 90);
    t.like(mended['status'], {taskDefinition: 'web:3', runningCount: 1});
  });
}

async function live(place: Place): Promise<readonly KubeObject[]> {
  return (await place.list(pods)).filter(({metadata}) => metadata.deletionTimestamp === undefined);
}

function restartsOf(pod: KubeObject | undefined): number | undefined {
  return ((pod?.['status'] ?? {}) as {containerStatuses?: readonly {restartCount: number}[]}).containerStatuses?.[0]?.restartCount;
}
