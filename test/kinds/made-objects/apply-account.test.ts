import test from 'ava';
import type {Doors} from '../../../src/kinds/doors.ts';
import {applyObject} from '../../../src/kinds/made-objects/apply.ts';
import {KubeError} from '../../../src/kube/errors.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {serviceAccounts} from '../../../src/schema/types.ts';

const metadata = {name: 'shop', namespace: 'ns', labels: {'app.kubernetes.io/managed-by': 'drayage'}};
const bare: KubeObject = {apiVersion: 'v1', kind: 'ServiceAccount', metadata};
const account: KubeObject = {
  ...bare,
  metadata: {...metadata, annotations: {'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/shop'}},
};
const imagePullSecrets = [{name: 'ecr-pull'}];
const standard: KubeObject = {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'default', namespace: 'ns'}, imagePullSecrets};

/** What is written, in order, where these objects are there and creating ends so. */
async function written(
  there: readonly KubeObject[],
  create: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly unknown[]> {
  const calls: unknown[] = [];
  const kube = {
    get: ({name}: {name: string}) => Promise.resolve(there.find(({metadata}) => metadata.name === name)),
    create(_type: unknown, object: KubeObject) {
      calls.push(['create', object]);
      return create();
    },
    apply(_type: unknown, object: KubeObject) {
      calls.push(['apply', object]);
      return Promise.resolve(object);
    },
  };
  await applyObject(account, {kube} as unknown as Doors);
  return calls;
}

function failure(status: number, reason: string): () => Promise<unknown> {
  const asked = {verb: 'create', type: serviceAccounts, name: 'shop', namespace: 'ns'} as const;
  return () => Promise.reject(new KubeError(asked, {status, reason, message: 'no'}));
}

test('a ServiceAccount is made with the pull secrets of the default one, and these are not applied', async (t) => {
  t.deepEqual(await written([standard]), [
    ['create', {...bare, imagePullSecrets}],
    ['apply', account],
  ]);
});

test('where there is no default one, it is made without', async (t) => {
  t.deepEqual(await written([]), [
    ['create', bare],
    ['apply', account],
  ]);
});

test('one that is there is left with the pull secrets that it has', async (t) => {
  t.deepEqual(await written([standard, {...account, imagePullSecrets: [{name: 'own'}]}]), [['apply', account]]);
});

test('one that someone else makes at the same moment is applied like any other; another failure counts', async (t) => {
  t.is((await written([standard], failure(409, 'AlreadyExists'))).length, 2);
  await t.throwsAsync(written([standard], failure(403, 'Forbidden')));
});
