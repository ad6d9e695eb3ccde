import test from 'ava';
import {stopTask} from '../../../src/kinds/service/apply-stop.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {KubeObject, OwnerReference} from '../../../src/schema/object.ts';

const workload = object('Deployment', 'shop', 'd-1');

function object(kind: string, name: string, uid: string, owner?: OwnerReference): KubeObject {
  return {apiVersion: 'v1', kind, metadata: {name, namespace: 'ns', uid, ...(owner === undefined ? {} : {ownerReferences: [owner]})}};
}

function ownedBy(kind: string, name: string, uid: string, controller = true): OwnerReference {
  return {apiVersion: 'apps/v1', kind, name, uid, controller};
}

/** What is deleted, of a pod with this owner in a cluster with this ReplicaSet. */
async function deleted(owner: OwnerReference | undefined, replicaSet: KubeObject | undefined): Promise<readonly unknown[]> {
  const calls: unknown[] = [];
  const kube = {
    get: async () => replicaSet,
    delete: async ({name}: {name: string}, options: object) => calls.push([name, options]) > 0,
  };
  await stopTask(object('Pod', 'shop-1', 'p-1', owner), [workload.metadata.uid ?? ''], {kube} as unknown as Doors);
  return calls;
}

const ours = object('ReplicaSet', 'shop-a', 'r-1', ownedBy('Deployment', 'shop', 'd-1'));
const exactly = [['shop-1', {uid: 'p-1'}]];

test('a pod of a ReplicaSet of the Deployment is deleted, and no other of its name', async (t) => {
  t.deepEqual(await deleted(ownedBy('ReplicaSet', 'shop-a', 'r-1'), ours), exactly);
});

test('a pod of a DaemonSet is deleted', async (t) => {
  t.deepEqual(await deleted(ownedBy('DaemonSet', 'shop', 'd-1'), undefined), exactly);
});

const others: readonly (readonly [string, OwnerReference | undefined, KubeObject | undefined])[] = [
  ['has no owner', undefined, ours],
  ['has an owner that does not control it', ownedBy('ReplicaSet', 'shop-a', 'r-1', false), ours],
  ['is of a ReplicaSet that is gone', ownedBy('ReplicaSet', 'shop-a', 'r-1'), undefined],
  ['is of an older ReplicaSet of the same name', ownedBy('ReplicaSet', 'shop-a', 'r-0'), ours],
  [
    "is of another Deployment's ReplicaSet",
    ownedBy('ReplicaSet', 'shop-a', 'r-1'),
    object('ReplicaSet', 'shop-a', 'r-1', ownedBy('Deployment', 'other', 'd-2')),
  ],
  ['is of something else', ownedBy('Job', 'shop', 'j-1'), ours],
];
for (const [what, owner, replicaSet] of others) {
  test(`a pod with the label that ${what} is left alone`, async (t) => {
    t.deepEqual(await deleted(owner, replicaSet), []);
  });
}
