import test from 'ava';
import {awaitedOf} from '../../../src/kinds/made-objects/awaited.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

const owner = {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Service', name: 'shop', uid: 'uid-1', controller: true};

function association(name: string, conditions: readonly object[] = [], uid = owner.uid): KubeObject {
  const metadata = {name, namespace: 'ns', ownerReferences: [{...owner, uid}]};
  return {apiVersion: 'eks.services.k8s.aws/v1alpha1', kind: 'PodIdentityAssociation', metadata, status: {conditions}};
}

const synced = (status: string) => ({type: 'ACK.ResourceSynced', status, message: 'Unable to determine if desired resource state matches'});
const terminal = {type: 'ACK.Terminal', status: 'True', message: 'role cannot be assumed'};
const wanted = [association('a'), association('b'), {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {name: 'a', namespace: 'ns'}}];

test('what others do is waited for until they say that it is done, and who is given nothing yet is asked', (t) => {
  t.is(awaitedOf([], [], 'InProgress'), undefined);
  const first = awaitedOf(wanted, [], 'InProgress');
  t.deepEqual(first?.missing, wanted.slice(0, 2));
  t.like(first?.then, {is: 'waiting', reason: 'InProgress', message: 'The PodIdentityAssociation a is not in EKS yet.', seconds: 5});
  const half = awaitedOf(wanted, [association('a', [synced('True')]), association('b', [synced('Unknown')])], 'InProgress');
  t.deepEqual(half?.missing, []);
  t.like(half?.then, {is: 'waiting', message: 'The PodIdentityAssociation b is not in EKS yet.'});
  t.is(
    awaitedOf(
      wanted,
      ['a', 'b'].map((name) => association(name, [synced('True')])),
      'InProgress',
    ),
    undefined,
  );
});

test('one that has failed is told, with the cause that its controller has; and nobody else counts for ours', (t) => {
  const failed = awaitedOf(wanted, [association('a'), association('b', [synced('False'), terminal])], 'InProgress');
  const message = 'The PodIdentityAssociation b is not in EKS: role cannot be assumed';
  t.like(failed?.then, {is: 'stalled', reason: 'RoleNotBound', message, seconds: 5});
  t.is(awaitedOf(wanted, [association('a', [synced('True')], 'other')], 'InProgress')?.then.is, 'waiting');
});
