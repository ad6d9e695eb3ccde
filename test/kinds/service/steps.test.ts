import test from 'ava';
import {nextInventory, unwritten} from '../../../src/kinds/made-objects/inventory.ts';
import {finished} from '../../../src/kinds/service/manifest.ts';
import {applySteps, foreignIn, pruneSteps, undoSteps, type ServiceStep} from '../../../src/kinds/service/steps.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {service} from './objects.ts';

const shop = service();
const claim: KubeObject = {apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: {name: 'shop-data', namespace: 'ns'}, spec: {a: 1}};
const volume: KubeObject = {apiVersion: 'v1', kind: 'PersistentVolume', metadata: {name: 'ns-shop-data'}, spec: {}};
const binding: KubeObject = {
  apiVersion: 'elbv2.k8s.aws/v1beta1',
  kind: 'TargetGroupBinding',
  metadata: {name: 'shop', namespace: 'ns'},
  spec: {},
};
const deployment: KubeObject = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'shop', namespace: 'ns'}, spec: {}};

function there(object: KubeObject, over: object = {}): KubeObject {
  const made = finished(object, shop);
  return {...made, metadata: {...made.metadata, uid: `uid of ${made.kind}`, ...over}};
}

const whys = (steps: readonly ServiceStep[]): readonly string[] => steps.map(({why}) => why);

test('what is missing or changed is applied, in the order in which it is given, and nothing else', (t) => {
  const wanted = [volume, claim, deployment].map((object) => finished(object, shop));
  t.deepEqual(whys(applySteps(wanted, [there(claim)])), [
    'apply the PersistentVolume ns-shop-data: it is missing',
    'apply the Deployment shop: it is missing',
  ]);
  t.deepEqual(whys(applySteps(wanted, [there(volume), {...there(claim), spec: {a: 2}}, there(deployment)])), [
    'apply the PersistentVolumeClaim shop-data: spec.a was changed by someone else',
  ]);
});

test('what the service made and does not want any more is removed, and only that', (t) => {
  const foreign = {...there(claim), metadata: {...there(claim).metadata, name: 'theirs', ownerReferences: []}};
  const steps = pruneSteps(shop, [finished(deployment, shop)], [there(deployment), there(binding), there(volume), foreign]);
  t.deepEqual(whys(steps), [
    'delete the TargetGroupBinding shop: it is not wanted any more',
    'delete the PersistentVolume ns-shop-data: it is not wanted any more',
  ]);
  t.like(steps[0], {object: {metadata: {uid: 'uid of TargetGroupBinding'}}});
});

test('what another service of the same name made is not removed, nor what is going already', (t) => {
  const another = service({}, {uid: 'uid-0'});
  const theirs = [finished(binding, another), finished(volume, another)];
  t.deepEqual(pruneSteps(shop, [], theirs), []);
  t.deepEqual(pruneSteps(shop, [], [there(binding, {deletionTimestamp: 'now'})]), []);
});

test('a claim whose disk was made for it stays, since the disk would go with it', (t) => {
  const provisioned = there(claim, {annotations: {'volume.kubernetes.io/storage-provisioner': 'ebs.csi.aws.com'}});
  t.deepEqual(pruneSteps(shop, [], [provisioned]), []);
  t.is(pruneSteps(shop, [], [there(claim)]).length, 1);
});

test('an object of that name that is not ours is found, also one that is in no namespace', (t) => {
  const wanted = [volume, claim, deployment].map((object) => finished(object, shop));
  t.is(foreignIn(shop, wanted, [there(volume), there(claim)]), undefined);
  t.is(foreignIn(shop, wanted, [volume])?.kind, 'PersistentVolume');
  t.is(foreignIn(shop, wanted, [there(volume), claim])?.kind, 'PersistentVolumeClaim');
  t.is(foreignIn(shop, wanted, [binding]), undefined);
});

test('with the service goes what Kubernetes would leave behind', (t) => {
  t.deepEqual(whys(undoSteps(shop, [there(deployment), there(volume), volume])), [
    'delete the PersistentVolume ns-shop-data: its service is deleted',
  ]);
});

test('what no copy is kept of is written down before it is made, and until it is gone', (t) => {
  const wanted = [volume, binding, deployment];
  t.deepEqual(
    unwritten(shop, wanted).map(({kind}) => kind),
    ['PersistentVolume', 'TargetGroupBinding'],
  );
  const written = service({}, {status: {objects: nextInventory(shop, wanted, [])}});
  t.deepEqual(unwritten(written, wanted), []);
  t.deepEqual(
    nextInventory(written, [deployment], [there(volume)]).map(({kind}) => kind),
    ['PersistentVolume'],
  );
  t.deepEqual(nextInventory(written, [deployment], []), []);
});
