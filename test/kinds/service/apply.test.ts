import test from 'ava';
import {apply} from '../../../src/kinds/service/apply.ts';
import {failuresIn} from '../../../src/kinds/service/failures.ts';
import {isLive} from '../../../src/kinds/service/pods.ts';
import type {ServiceStep} from '../../../src/kinds/service/steps.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import {Interruption} from '../../../src/kinds/outcome.ts';
import {KubeError, type Answered} from '../../../src/kube/errors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {targetGroupBindings} from '../../../src/schema/workload-types.ts';

const binding: KubeObject = {
  apiVersion: targetGroupBindings.apiVersion,
  kind: targetGroupBindings.kind,
  metadata: {name: 'shop', namespace: 'ns', uid: 'uid-1', resourceVersion: '7'},
};
const step = (is: 'apply' | 'delete'): ServiceStep => ({is, call: 'X', why: 'x', object: binding});

function refusing(answered: Partial<Answered>): Doors {
  const error = new KubeError(
    {verb: 'patch', type: targetGroupBindings, name: 'shop', namespace: 'ns'},
    {status: 404, reason: 'NotFound', message: 'not found', ...answered},
  );
  return {kube: {apply: () => Promise.reject(error)}} as unknown as Doors;
}

test('a kind that the cluster does not have is named, with what to do', async (t) => {
  const error = await t.throwsAsync(apply(step('apply'), refusing({})), {instanceOf: Interruption});
  t.like(error?.outcome, {is: 'stalled', reason: 'KindNotInstalled', seconds: 60});
  t.regex(error?.message ?? '', /no TargetGroupBinding \(elbv2\.k8s\.aws\/v1beta1\), which shop is to be; install what brings that kind/);
});

test('a namespace that is gone is not a kind that is missing', async (t) => {
  const error = await t.throwsAsync(apply(step('apply'), refusing({about: {kind: 'namespaces', name: 'ns'}})), {instanceOf: Interruption});
  t.is(error?.outcome.reason, 'NamespaceTerminating');
});

test('only the very object that was seen is removed, and the observation knows that it is gone', async (t) => {
  const calls: unknown[] = [];
  const kube = {
    delete(...given: readonly unknown[]) {
      calls.push(given);
      return Promise.resolve(true);
    },
  };
  const applied = await apply(step('delete'), {kube} as unknown as Doors);
  t.like(calls[0], [{name: 'shop', namespace: 'ns', type: targetGroupBindings}, {uid: 'uid-1'}]);
  t.deepEqual(applied.advance({objects: [binding], pods: []}).objects, []);
});

test('scaling changes the number and nothing else, and only of what was seen', async (t) => {
  const calls: unknown[] = [];
  const deployment = {...binding, apiVersion: 'apps/v1', kind: 'Deployment', spec: {replicas: 4, paused: false}};
  const kube = {
    merge(...given: readonly unknown[]) {
      calls.push(given);
      return Promise.resolve({...deployment, spec: {replicas: 2, paused: false}});
    },
  };
  const scale: ServiceStep = {is: 'scale', call: 'X', why: 'x', object: deployment, replicas: 2};
  const applied = await apply(scale, {kube} as unknown as Doors);
  t.like(calls[0], [{name: 'shop'}, {metadata: {resourceVersion: '7'}, spec: {replicas: 2}}]);
  t.deepEqual(
    applied.advance({objects: [deployment], pods: []}).objects.map(({spec}) => spec),
    [{replicas: 2, paused: false}],
  );
});

test('a task that is stopped does not count any more, but what failed in it does', async (t) => {
  const deployment = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'shop', namespace: 'ns', uid: 'd-1'}};
  const owner = {apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', uid: 'd-1', controller: true};
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'shop-1', namespace: 'ns', uid: 'p-1', ownerReferences: [owner]},
    status: {phase: 'Running', containerStatuses: [{name: 'web', restartCount: 0, state: {terminated: {exitCode: 137}}}]},
  };
  const now = new Date('2026-11-24T12:00:00Z');
  const doors = {kube: {delete: () => Promise.resolve(true)}, now: () => now} as unknown as Doors;
  const stop: ServiceStep = {is: 'stop', call: 'StopTask', why: 'x', object: pod, makers: ['d-1']};
  const {pods} = (await apply(stop, doors)).advance({objects: [deployment], pods: [pod]});
  t.false(pods.some(isLive));
  t.is(failuresIn(pods, {containers: new Set(['web']), isHealthChecked: true}, now), 1);
});
