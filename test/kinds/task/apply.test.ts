import test from 'ava';
import {apply} from '../../../src/kinds/task/apply.ts';
import {Interruption} from '../../../src/kinds/outcome.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

const owner = {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Task', name: 'report', uid: 'uid-1', controller: true};
const account: KubeObject = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: {name: 'report', namespace: 'ns', ownerReferences: [owner]},
};
const step = {is: 'apply', call: 'ApplyServiceAccount', why: 'apply', object: account} as const;

function doorsWith(there: KubeObject | undefined, applied: KubeObject[]): Doors {
  const kube = {
    get: async () => there,
    create: async () => {},
    apply: async (_type: unknown, object: KubeObject) => (applied.push(object), object),
  };
  return {kube, now: () => new Date(0)} as unknown as Doors;
}

test('what the task needs is made where it is missing, and mended where it is its own', async (t) => {
  for (const there of [undefined, account]) {
    const applied: KubeObject[] = [];
    await apply(step, doorsWith(there, applied));
    t.deepEqual(applied, [account]);
  }
});

test('what somebody else has made is not touched', async (t) => {
  for (const theirs of [{...owner, uid: 'other'}, undefined]) {
    const there = {...account, metadata: {...account.metadata, ownerReferences: theirs === undefined ? [] : [theirs]}};
    const applied: KubeObject[] = [];
    const error = await t.throwsAsync(apply(step, doorsWith(there, applied)), {instanceOf: Interruption});
    t.like(error?.outcome, {is: 'stalled', reason: 'ObjectNotOwned'});
    t.deepEqual(applied, []);
  }
});
