import test from 'ava';
import {troubleOf} from '../../../src/kinds/service/pod-trouble.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

function pod(status: object, metadata: object = {}): KubeObject {
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'web-1', ...metadata}, status};
}

function waiting(reason: string, message: string): KubeObject {
  return pod({containerStatuses: [{name: 'web', state: {waiting: {reason, message}}}]});
}

test('an image that cannot be pulled is told in the words of the kubelet', (t) => {
  t.is(troubleOf([waiting('ErrImagePull', '401 Unauthorized')]), '1 pod: container web: ErrImagePull: 401 Unauthorized');
});

test('of several troubles the one that most pods have is told', (t) => {
  const pods = [waiting('ErrImagePull', 'a'), waiting('InvalidImageName', 'b'), waiting('InvalidImageName', 'b')];
  t.is(troubleOf(pods), '2 pods: container web: InvalidImageName: b');
});

test('a container that keeps exiting is told with its exit code, also one of the sidecars', (t) => {
  const lastState = {terminated: {exitCode: 137, reason: 'OOMKilled'}};
  const side = {name: 'side', state: {waiting: {reason: 'CrashLoopBackOff', message: 'back-off 5m0s'}}, lastState};
  t.is(troubleOf([pod({initContainerStatuses: [side]})]), '1 pod: container side: CrashLoopBackOff after exit code 137 (OOMKilled)');
});

test('a pod that finds no node is told with what the scheduler says', (t) => {
  const conditions = [{type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient cpu.'}];
  t.is(troubleOf([pod({conditions})]), '1 pod: not on a node yet: 0/1 nodes are available: 1 Insufficient cpu.');
});

test('a pod that starts, runs or goes is no trouble', (t) => {
  const going = pod({containerStatuses: [{name: 'web', state: {waiting: {reason: 'ErrImagePull'}}}]}, {deletionTimestamp: 'now'});
  const running = pod({containerStatuses: [{name: 'web', state: {running: {}}}]});
  t.is(troubleOf([waiting('ContainerCreating', ''), waiting('PodInitializing', ''), running, going, pod({})]), undefined);
});

test('a long message is cut', (t) => {
  t.is(troubleOf([waiting('ErrImagePull', 'x'.repeat(10_000))])?.length, '1 pod: '.length + 1024);
});
