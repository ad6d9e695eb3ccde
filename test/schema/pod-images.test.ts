import test from 'ava';
import * as fc from 'fast-check';
import {imageReference} from '../../src/schema/image-reference.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {ecrImagesOf} from '../../src/schema/pod-images.ts';
import {isEcrHost, registryHosts} from '../../src/schema/registry-hosts.ts';
import {withEcrImages} from '../../src/kinds/sources.ts';

const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;

function pod(spec: object, status: object = {}): KubeObject {
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p', namespace: 'n'}, spec, status};
}

test('a reference is taken apart as container runtimes do', (t) => {
  t.deepEqual(imageReference('nginx'), {path: 'nginx'});
  t.deepEqual(imageReference('library/nginx:1.29'), {path: 'library/nginx', tag: '1.29'});
  t.deepEqual(imageReference('localhost/a'), {host: 'localhost', path: 'a'});
  t.deepEqual(imageReference(`${host}/team/app:v1@${digest}`), {host, path: 'team/app', tag: 'v1', digest});
  t.deepEqual(imageReference('127.0.0.1:5000/a:b'), {host: '127.0.0.1:5000', path: 'a', tag: 'b'});
});

test('every name of a registry is known as one, and no other host', (t) => {
  for (const region of ['us-east-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1', 'us-iso-east-1']) {
    for (const name of Object.values(registryHosts('123456789012', region))) t.true(isEcrHost(name), name);
  }
  for (const name of ['docker.io', 'public.ecr.aws', '123.dkr.ecr.us-east-1.amazonaws.com', `x${host}`, `${host}.example`])
    t.false(isEcrHost(name), name);
});

test('all containers count, init and ephemeral ones too, by what they pull and by what runs', (t) => {
  const given = pod(
    {
      containers: [
        {name: 'a', image: `${host}/app:v1`},
        {name: 'b', image: 'nginx'},
      ],
      initContainers: [{name: 'i', image: `${host}/init`}],
      ephemeralContainers: [{name: 'e', image: `${host}/debug@${digest}`}],
    },
    {
      phase: 'Running',
      containerStatuses: [
        {name: 'a', imageID: `docker-pullable://${host}/app@${digest}`},
        {name: 'b', imageID: `docker.io/nginx@${digest}`},
      ],
      initContainerStatuses: [{name: 'i', imageID: digest}],
      ephemeralContainerStatuses: [{name: 'e', imageID: `${host}/debug@${other}`}],
    },
  );
  t.deepEqual(ecrImagesOf(given), [
    `${host}/app:v1`,
    `${host}/app@${digest}`,
    `${host}/debug@${digest}`,
    `${host}/debug@${other}`,
    `${host}/init:latest`,
  ]);
});

test('a pod that has ended needs nothing', (t) => {
  for (const phase of ['Succeeded', 'Failed'])
    t.deepEqual(ecrImagesOf(pod({containers: [{name: 'a', image: `${host}/app:v1`}]}, {phase})), []);
});

test('what is kept of a pod is little, and less where it uses no image of ECR', (t) => {
  const ownerReferences = [{apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true}];
  const metadata = {name: 'p', namespace: 'n', uid: 'x', resourceVersion: '7', labels: {a: 'b'}, annotations: {c: 'd'}, ownerReferences};
  const full = {...pod({containers: [{name: 'a', image: 'nginx'}]}), metadata};
  const kept = {name: 'p', namespace: 'n', uid: 'x', resourceVersion: '7'};
  t.deepEqual(withEcrImages(full), {apiVersion: 'v1', kind: 'Pod', metadata: kept, images: []});
  const used = {...full, spec: {containers: [{name: 'a', image: `${host}/app:v1`}]}};
  t.deepEqual(withEcrImages(used), {apiVersion: 'v1', kind: 'Pod', metadata: {...kept, ownerReferences}, images: [`${host}/app:v1`]});
});

test('no text for an image makes it fail', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (image, imageID) => {
      const images = ecrImagesOf(pod({containers: [{name: 'a', image}]}, {containerStatuses: [{name: 'a', imageID}]}));
      t.true(Array.isArray(images));
    }),
  );
});
