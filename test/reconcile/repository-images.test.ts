import {
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
  StartImageScanCommand,
  UpdateImageStorageClassCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Ref} from '../../src/kube/kube.ts';
import {registries} from '../../src/schema/types.ts';
import {lookAt, policy, rule, type EcrLook} from '../support/ecr-look.ts';
import {putImage} from '../support/put-image.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf, type Seen} from '../support/stage.ts';

const ns = 'shop';
const resync = 4;
const role = 'arn:aws:iam::123456789012:role/ci';

let scene: Scene;
let look: EcrLook;

test.before(async () => {
  scene = await startScene();
  look = lookAt(scene.stage.cloud.ecr);
  await scene.stage.operator({flags: [`--resync-seconds=${resync}`, '--log-level=debug']});
  await scene.namespace(ns);
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(async () => {
  await scene?.stop();
});

const ecr = () => scene.stage.cloud.ecr;
const faults = () => scene.stage.cloud.faults;
const pullBy = (principal: string) =>
  JSON.stringify({Version: '2012-10-17', Statement: [{Effect: 'Allow', Principal: {AWS: principal}, Action: 'ecr:BatchGetImage'}]});

/** The operator's calls for one repository since a moment. */
async function callsFor(name: string, since: Date): Promise<readonly string[]> {
  return (await scene.calls(since)).filter(({repositoryName}) => repositoryName === name).map(({operation}) => operation);
}

async function isUnwritten(ref: Ref, seconds: number): Promise<boolean> {
  const before = (await scene.get(ref))?.metadata.resourceVersion;
  await sleep(seconds * 1000);
  return (await scene.get(ref))?.metadata.resourceVersion === before;
}

test.serial('a repository that ECR does not know yet is waited for without a warning', async (t) => {
  await faults().add({operation: 'PutLifecyclePolicy', is: 'error', type: 'RepositoryNotFoundException', message: 'not yet', times: 1});
  await faults().add({operation: 'SetRepositoryPolicy', is: 'error', type: 'RepositoryNotFoundException', message: 'not yet', times: 1});
  const spec = {lifecyclePolicy: {lifecyclePolicyText: rule(3)}, repositoryPolicy: {policyText: policy('ecr:BatchGetImage')}};
  const ref = await scene.repository(ns, 'late', spec);
  await scene.ready(ref);
  t.truthy(await look.lifecycleOf('late'));
  t.truthy(await look.policyOf('late'));
  t.deepEqual(await scene.warnings(ref), []);
});

test.serial('a role that AWS does not know yet is waited for', async (t) => {
  const message = `Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Principal not found'`;
  await faults().add({operation: 'SetRepositoryPolicy', is: 'error', type: 'InvalidParameterException', message, times: 1});
  const ref = await scene.repository(ns, 'new-role', {repositoryPolicy: {policyText: pullBy(role)}});
  const object = await scene.condition(ref, {type: 'Reconciling', status: 'True'});
  t.regex(
    conditionOf(object, 'Reconciling')?.message ?? '',
    /^PrincipalNotFound: AWS does not know one of arn:aws:iam::123456789012:role\/ci/,
  );
  await scene.ready(ref);
  t.regex((await look.policyOf('new-role')) ?? '', /role\/ci/);
});

test.serial('where images cannot be read the Repository is ready all the same, says so once, and reads them when it may', async (t) => {
  const ref = await scene.repository(ns, 'denied', {imageSummary: {refreshSeconds: 60}});
  await scene.ready(ref);
  await faults().add({operation: 'DescribeImages', is: 'deny'});
  const object = await scene.condition(ref, {type: 'ImagesObserved', status: 'False', reason: 'AccessDenied'});
  t.is(conditionOf(object, 'Ready')?.status, 'True');
  t.regex(conditionOf(object, 'ImagesObserved')?.message ?? '', /ecr:DescribeImages/);
  t.true(await isUnwritten(ref, 1.5 * resync));
  await faults().clear();
  const read = await scene.condition(ref, {type: 'ImagesObserved', status: 'True'});
  t.like(read.status?.['images'], {count: 0, sizeInBytes: 0});
});

test('images of any status are counted, the newest and its scan are shown, and then ECR is left alone until it is time', async (t) => {
  const name = 'summary';
  const ref = await scene.repository(ns, name, {});
  await scene.ready(ref);
  await putImage(ecr(), name, 'v1');
  await sleep(1100);
  const newest = await putImage(ecr(), name, 'v2');
  await ecr().send(new UpdateImageStorageClassCommand({repositoryName: name, imageId: {imageTag: 'v1'}, targetStorageClass: 'ARCHIVE'}));
  await ecr().send(new StartImageScanCommand({repositoryName: name, imageId: {imageDigest: newest}}));
  const since = new Date();
  await scene.repository(ns, name, {imageSummary: {}});
  const {status} = await scene.condition(ref, {type: 'ImagesObserved', status: 'True'});
  t.log(JSON.stringify({images: status?.['images'], findings: status?.['findings']}));
  t.like(status?.['images'], {
    count: 2,
    countsByStatus: {ACTIVE: 1, ARCHIVED: 1},
    sizeInBytes: 240,
    newest: {imageDigest: newest, imageTags: ['v2']},
  });
  t.like(status?.['findings'], {imageDigest: newest, scanStatus: 'COMPLETE', severityCounts: {HIGH: 1}});
  t.true(await isUnwritten(ref, 1.5 * resync));
  t.deepEqual(
    (await callsFor(name, since)).filter((call) => call.startsWith('DescribeImage')),
    ['DescribeImages', 'DescribeImageScanFindings'],
  );
});

test('deletionPolicy DeleteIfEmpty keeps a repository that holds nothing but archived images', async (t) => {
  const name = 'archived';
  const ref = await scene.repository(ns, name, {deletionPolicy: 'DeleteIfEmpty'});
  await scene.ready(ref);
  await putImage(ecr(), name, 'v1');
  await ecr().send(new UpdateImageStorageClassCommand({repositoryName: name, imageId: {imageTag: 'v1'}, targetStorageClass: 'ARCHIVE'}));
  await scene.stage.cluster.kubectl(['delete', 'repositories.ecr.drayage.dev', name, '-n', ns, '--wait=false']);
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RepositoryNotEmpty'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /holds 1 images \(of any status\)/);
  t.true(await look.exists(name));
});

test('each encryption and each mutability is created as it is written, and is no drift later', async (t) => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const filters = [
    {filterType: 'WILDCARD', filter: 'dev-*'},
    {filterType: 'WILDCARD', filter: 'test'},
  ];
  const specs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    's-aes': {encryptionConfiguration: {encryptionType: 'AES256'}, imageTagMutability: 'MUTABLE'},
    's-kms': {encryptionConfiguration: {encryptionType: 'KMS', kmsKey: key}, imageTagMutability: 'IMMUTABLE'},
    's-dsse': {
      encryptionConfiguration: {encryptionType: 'KMS_DSSE', kmsKey: key},
      imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: filters,
    },
    's-plain': {imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: filters},
  };
  const refs: Ref[] = [];
  for (const [name, spec] of Object.entries(specs)) refs.push(await scene.repository(ns, name, spec));
  await Promise.all(refs.map((ref) => scene.ready(ref)));
  const since = new Date();
  for (const [name, spec] of Object.entries(specs)) {
    const {encryptionConfiguration, imageTagMutability, imageTagMutabilityExclusionFilters = []} = await look.found(name);
    t.like(encryptionConfiguration, spec['encryptionConfiguration'] ?? {encryptionType: 'AES256'}, name);
    t.is(imageTagMutability, spec['imageTagMutability'] as typeof imageTagMutability, name);
    t.deepEqual(imageTagMutabilityExclusionFilters, (spec['imageTagMutabilityExclusionFilters'] ?? []) as never, name);
  }
  await sleep(1.5 * resync * 1000);
  for (const name of Object.keys(specs)) {
    t.deepEqual(
      (await callsFor(name, since)).filter((call) => call.startsWith('Put')),
      [],
      name,
    );
  }
});

test('a policy that would lock the operator out is refused in words, and set with force', async (t) => {
  const Statement = [{Effect: 'Deny', Principal: '*', Action: ['ecr:SetRepositoryPolicy']}];
  const repositoryPolicy = {policyText: JSON.stringify({Version: '2012-10-17', Statement})};
  const ref = await scene.repository(ns, 'lock', {repositoryPolicy});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'PolicyWouldLockOut'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /set spec\.repositoryPolicy\.force to true/);
  t.is(await look.policyOf('lock'), undefined);
  await scene.repository(ns, 'lock', {repositoryPolicy: {...repositoryPolicy, force: true}});
  await scene.ready(ref);
  t.regex((await look.policyOf('lock')) ?? '', /Deny/);
});

test('a role that was deleted is told, and its policy not written at every check', async (t) => {
  const name = 'gone-role';
  const ref = await scene.repository(ns, name, {repositoryPolicy: {policyText: pullBy(role)}});
  await scene.ready(ref);
  const policyText = pullBy('AROAEXAMPLEEXAMPLE123');
  await ecr().send(new SetRepositoryPolicyCommand({repositoryName: name, policyText}));
  const since = new Date();
  const object: Seen = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'PrincipalGone'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /role\/ci, deleted in AWS/);
  await sleep(1.5 * resync * 1000);
  t.false((await callsFor(name, since)).includes('SetRepositoryPolicy'));
  t.is((await ecr().send(new GetRepositoryPolicyCommand({repositoryName: name}))).policyText, policyText);
  t.deepEqual(await scene.warnings(ref, 1), ['PrincipalGone×1']);
});
