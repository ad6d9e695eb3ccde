import test from 'ava';
import {ownerTag, uidTag} from '../../../src/kinds/ownership.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {keep, Killed, resourceOf, statusIn} from './keep.ts';
import {accountId, MemoryEcr} from './memory-ecr.ts';

const owner = '3f0e8a52-0000-4000-8000-000000000001/team/app';
const lifecyclePolicyText =
  '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":3},"action":{"type":"expire"}}]}';
const policyText = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}';

test('a repository with a lifecycle policy and tags is created in two calls', async (t) => {
  const ecr = new MemoryEcr();
  const resource = resourceOf({
    name: 'team/app',
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: {scanOnPush: true},
    lifecyclePolicy: {lifecyclePolicyText},
    tags: [{key: 'team', value: 'a'}],
  });
  const walked = await keep(resource, ecr);
  t.deepEqual(ecr.take(), ['CreateRepository', 'PutLifecyclePolicy']);
  t.like(walked.outcome, {is: 'settled', reason: 'InSync'});
  const stored = ecr.repositories.get('team/app');
  t.deepEqual(stored?.tags, {team: 'a', [ownerTag]: owner, [uidTag]: 'uid-1'});
  t.like(stored?.repository, {imageTagMutability: 'IMMUTABLE', scanOnPush: true});
  t.deepEqual(statusIn(walked.resource), {
    repositoryArn: `arn:aws:ecr:us-east-1:${accountId}:repository/team/app`,
    repositoryUri: `${accountId}.dkr.ecr.us-east-1.amazonaws.com/team/app`,
    repositoryUris: {
      ipv4: `${accountId}.dkr.ecr.us-east-1.amazonaws.com/team/app`,
      dualStack: `${accountId}.dkr-ecr.us-east-1.on.aws/team/app`,
      fips: `${accountId}.dkr.ecr-fips.us-east-1.amazonaws.com/team/app`,
    },
    registryId: accountId,
    createdAt: '2026-01-01T00:00:02.000Z',
    imageTagMutability: 'IMMUTABLE',
    applied: {generation: 1, tags: ['team'], lifecyclePolicy: true},
  });
});

test('a settled repository is only looked at', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf({lifecyclePolicy: {lifecyclePolicyText}}), ecr);
  ecr.take();
  const again = await keep(resource, ecr);
  t.deepEqual(ecr.take(), ['DescribeRepositories', 'ListTagsForResource', 'GetLifecyclePolicy']);
  t.deepEqual(again.steps, []);
  t.deepEqual(again.resource.status, resource.status);
});

test('killed after the creation and before the status, the next walk goes on', async (t) => {
  const ecr = new MemoryEcr();
  const resource = resourceOf({lifecyclePolicy: {lifecyclePolicyText}});
  await t.throwsAsync(
    keep(resource, ecr, {
      onStep() {
        throw new Killed();
      },
    }),
    {instanceOf: Killed},
  );
  t.is(ecr.repositories.get('app')?.lifecyclePolicyText, undefined);
  const next = await keep(resource, ecr);
  t.like(next.outcome, {is: 'settled', reason: 'InSync'});
  t.is(ecr.repositories.get('app')?.lifecyclePolicyText, lifecyclePolicyText);
  t.is(ecr.repositories.size, 1);
});

test('a repository that exists and is not ours is refused, and nothing is touched', async (t) => {
  for (const adoptionPolicy of ['IfOwned', 'Never']) {
    const ecr = new MemoryEcr();
    const stored = ecr.put('app', {tags: {made: 'by hand'}, images: 3});
    const before = structuredClone(stored);
    const walked = await keep(resourceOf({adoptionPolicy, imageTagMutability: 'IMMUTABLE', repositoryPolicy: {policyText}}), ecr);
    t.like(walked.outcome, {is: 'stalled', reason: 'RepositoryNotOwned'});
    t.regex(walked.outcome.message, /set spec\.adoptionPolicy to Adopt/);
    t.deepEqual(stored, before);
    t.deepEqual(walked.resource.status, {});
  }
});

test('Adopt takes a repository over, keeps the tags of others and leaves unspecified settings alone', async (t) => {
  const ecr = new MemoryEcr();
  const stored = ecr.put('app', {tags: {made: 'by hand'}, repository: {imageTagMutability: 'IMMUTABLE', scanOnPush: true}, policyText});
  const walked = await keep(resourceOf({adoptionPolicy: 'Adopt', tags: [{key: 'team', value: 'a'}]}), ecr);
  t.like(walked.outcome, {is: 'settled', reason: 'InSync'});
  t.deepEqual(ecr.take(), ['DescribeRepositories', 'ListTagsForResource', 'TagResource']);
  t.deepEqual(stored.tags, {made: 'by hand', team: 'a', [ownerTag]: owner, [uidTag]: 'uid-1'});
  t.like(stored, {policyText, repository: {imageTagMutability: 'IMMUTABLE', scanOnPush: true}});
  t.like(statusIn(walked.resource), {applied: {generation: 1, tags: ['team']}});
});

test('an object that comes back finds its retained repository; Never wants one of its own', async (t) => {
  const ecr = new MemoryEcr();
  await keep(resourceOf(), ecr);
  const again = await keep(resourceOf({}, {uid: 'uid-2'}), ecr);
  t.like(again.outcome, {is: 'settled'});
  t.is(ecr.repositories.get('app')?.tags[uidTag], 'uid-2');
  const never = await keep(resourceOf({adoptionPolicy: 'Never'}, {uid: 'uid-3'}), ecr);
  t.like(never.outcome, {is: 'stalled', reason: 'RepositoryNotOwned'});
});

test('of two objects that name one repository the second is refused, even with Adopt, while the first is there', async (t) => {
  const ecr = new MemoryEcr();
  const first = await keep(resourceOf({name: 'shared'}), ecr);
  const plain = resourceOf({name: 'shared'}, {name: 'third', uid: 'uid-3'});
  const told = await keep(plain, ecr, {objects: [first.resource, plain]});
  t.regex(told.outcome.message, /that object still exists/, 'Adopt would not help, so it is not advised');
  const second = resourceOf({name: 'shared', adoptionPolicy: 'Adopt'}, {name: 'other', uid: 'uid-2'});
  const refused = await keep(second, ecr, {objects: [first.resource, second]});
  t.like(refused.outcome, {is: 'stalled', reason: 'RepositoryNotOwned'});
  t.regex(refused.outcome.message, /that object still exists/);
  const taken = await keep(second, ecr, {objects: [second]});
  t.like(taken.outcome, {is: 'settled'});
  const back = await keep(first.resource, ecr, {objects: [first.resource, taken.resource]});
  t.like(back.outcome, {is: 'stalled', reason: 'RepositoryNotOwned'}, 'what was taken over is not taken back');
  t.deepEqual(back.resource.status, first.resource.status);
});

test('every sort of drift is corrected', async (t) => {
  const ecr = new MemoryEcr();
  const spec = {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'dev-*'}],
    imageScanningConfiguration: {scanOnPush: true},
    lifecyclePolicy: {lifecyclePolicyText},
    repositoryPolicy: {policyText},
    tags: [{key: 'team', value: 'a'}],
  };
  const {resource} = await keep(resourceOf(spec), ecr);
  const stored = ecr.repositories.get('app')!;
  const wanted = structuredClone(stored);
  stored.repository = {...stored.repository, imageTagMutability: 'MUTABLE', scanOnPush: false};
  stored.lifecyclePolicyText = '{"rules":[]}';
  delete stored.policyText;
  stored.tags = {foreign: 'x', 'aws:cloudformation:stack': 'y'};
  ecr.take();
  const walked = await keep(resource, ecr);
  t.deepEqual(
    walked.steps.map(({call}) => call),
    ['TagResource', 'PutImageTagMutability', 'PutImageScanningConfiguration', 'PutLifecyclePolicy', 'SetRepositoryPolicy'],
  );
  t.deepEqual(stored, {...wanted, tags: {...wanted.tags, foreign: 'x', 'aws:cloudformation:stack': 'y'}});
});

test('what the spec no longer has is taken away, if it was set from the spec', async (t) => {
  const ecr = new MemoryEcr();
  const first = await keep(
    resourceOf({lifecyclePolicy: {lifecyclePolicyText}, repositoryPolicy: {policyText}, tags: [{key: 'team', value: 'a'}]}),
    ecr,
  );
  const stored = ecr.repositories.get('app')!;
  stored.tags = {...stored.tags, foreign: 'x'};
  const next = await keep(resourceOf({}, {generation: 2, status: statusIn(first.resource)}), ecr);
  t.deepEqual(
    next.steps.map(({call}) => call),
    ['UntagResource', 'DeleteLifecyclePolicy', 'DeleteRepositoryPolicy'],
  );
  t.deepEqual(Object.keys(stored.tags), [ownerTag, uidTag, 'foreign']);
  t.deepEqual(statusIn(next.resource).applied, {generation: 2, tags: []});
});

test('a repository that someone deleted is made again', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf(), ecr);
  ecr.repositories.clear();
  const walked = await keep(resource, ecr);
  t.is(walked.steps[0]?.why, 'the repository app was deleted in AWS');
  t.like(walked.outcome, {is: 'settled'});
  t.true(ecr.repositories.has('app'));
});

test('a repository that someone made anew under our name is not ours', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf(), ecr);
  const foreign = ecr.put('app', {images: 1});
  const walked = await keep(resource, ecr);
  t.like(walked.outcome, {is: 'stalled', reason: 'RepositoryNotOwned'});
  t.deepEqual(foreign.tags, {});
});

test('driftPolicy Report says what differs and changes nothing, until the spec changes', async (t) => {
  const ecr = new MemoryEcr();
  const spec = {driftPolicy: 'Report', imageScanningConfiguration: {scanOnPush: true}};
  const {resource} = await keep(resourceOf(spec), ecr);
  const stored = ecr.repositories.get('app')!;
  stored.repository = {...stored.repository, scanOnPush: false};
  const walked = await keep(resource, ecr);
  t.like(walked.outcome, {is: 'stalled', reason: 'Drifted'});
  t.regex(walked.outcome.message, /scanOnPush is false in ECR, and true in the spec/);
  t.false(stored.repository.scanOnPush);
  const changed = resourceOf({...spec, tags: [{key: 'a', value: 'b'}]}, {generation: 2, status: statusIn(walked.resource)});
  t.like((await keep(changed, ecr)).outcome, {is: 'settled'});
  t.true(stored.repository.scanOnPush);
  ecr.repositories.clear();
  const gone = await keep({...changed, status: {...statusIn(walked.resource), applied: {generation: 2}}}, ecr);
  t.like(gone.outcome, {is: 'stalled', reason: 'Drifted'});
  t.is(ecr.repositories.size, 0);
});

test('encryption that differs is not adopted', async (t) => {
  const key = `arn:aws:kms:us-east-1:${accountId}:key/1234`;
  const cases: readonly (readonly [Record<string, string>, boolean])[] = [
    [{encryptionType: 'AES256'}, false],
    [{encryptionType: 'KMS_DSSE'}, false],
    [{encryptionType: 'KMS', kmsKey: '99'}, false],
    [{encryptionType: 'KMS'}, true],
    [{encryptionType: 'KMS', kmsKey: '1234'}, true],
    [{encryptionType: 'KMS', kmsKey: key}, true],
    [{encryptionType: 'KMS', kmsKey: 'alias/images'}, true],
  ];
  for (const [encryptionConfiguration, isSame] of cases) {
    const ecr = new MemoryEcr();
    const stored = ecr.put('app', {repository: {encryptionType: 'KMS', kmsKey: key}});
    const walked = await keep(resourceOf({adoptionPolicy: 'Adopt', encryptionConfiguration}), ecr);
    t.is(walked.outcome.reason, isSame ? 'InSync' : 'EncryptionDiffers', JSON.stringify(encryptionConfiguration));
    if (!isSame) t.deepEqual(stored.tags, {});
  }
});

test('documents that are no JSON stall with the position, before anything is called', async (t) => {
  const ecr = new MemoryEcr();
  const lifecycle = await keep(resourceOf({lifecyclePolicy: {lifecyclePolicyText: '{"rules": [}'}}), ecr);
  t.like(lifecycle.outcome, {is: 'stalled', reason: 'InvalidLifecyclePolicy'});
  t.regex(lifecycle.outcome.message, /not JSON at line 1 column 12: «\}»/);
  const policy = await keep(resourceOf({repositoryPolicy: {policyText: '[]'}}), ecr);
  t.like(policy.outcome, {is: 'stalled', reason: 'InvalidRepositoryPolicy'});
  t.deepEqual(ecr.calls, []);
});

const registry: KubeObject = {
  apiVersion: 'ecr.drayage.dev/v1alpha1',
  kind: 'Registry',
  metadata: {name: 'default'},
  spec: {allowedNamespaces: {matchLabels: {ecr: 'yes'}}},
};

test('a registry that is missing, closed to the namespace or of another account stalls without a call', async (t) => {
  const ecr = new MemoryEcr();
  const namespace = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'team', labels: {ecr: 'no'}}};
  const missing = await keep(resourceOf({registryRef: {name: 'other'}}), ecr);
  t.like(missing.outcome, {is: 'stalled', reason: 'RegistryNotFound'});
  const closed = await keep(resourceOf(), ecr, {objects: [registry, namespace]});
  t.like(closed.outcome, {is: 'stalled', reason: 'NamespaceNotAllowed'});
  const unknown = await keep(resourceOf(), ecr, {objects: [registry]});
  t.like(unknown.outcome, {is: 'stalled', reason: 'NamespaceNotAllowed'});
  const elsewhere = await keep(resourceOf(), ecr, {objects: [{...registry, spec: {accountId: '000000000000'}}]});
  t.like(elsewhere.outcome, {is: 'stalled', reason: 'AccountMismatch'});
  t.deepEqual(ecr.calls, []);
  const open = await keep(resourceOf(), ecr, {objects: [registry, {...namespace, metadata: {name: 'team', labels: {ecr: 'yes'}}}]});
  t.like(open.outcome, {is: 'settled'});
});

test('a registry that moved does not make the repository anew', async (t) => {
  const ecr = new MemoryEcr();
  const {resource} = await keep(resourceOf(), ecr);
  ecr.take();
  const moved = await keep(resource, ecr, {objects: [{...registry, spec: {region: 'eu-west-1'}}]});
  t.like(moved.outcome, {is: 'stalled', reason: 'RegistryMoved'});
  t.deepEqual(ecr.calls, []);
});

const namespace = (labels: Readonly<Record<string, string>>) => ({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'team', labels}});

test('a Registry keeps namespaces from taking over what exists, and not from what is theirs', async (t) => {
  const registry = {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'Registry',
    metadata: {name: 'default'},
    spec: {adoptionNamespaces: {matchLabels: {trusted: 'yes'}}},
  };
  const ecr = new MemoryEcr();
  ecr.put('app');
  const refused = await keep(resourceOf({adoptionPolicy: 'Adopt'}), ecr, {objects: [registry, namespace({})]});
  t.like(refused.outcome, {is: 'stalled', reason: 'AdoptionNotAllowed'});
  t.deepEqual(ecr.repositories.get('app')?.tags, {});
  const taken = await keep(resourceOf({adoptionPolicy: 'Adopt'}), ecr, {objects: [registry, namespace({trusted: 'yes'})]});
  t.like(taken.outcome, {is: 'settled'});
  const kept = await keep(taken.resource, ecr, {objects: [registry, namespace({})]});
  t.like(kept.outcome, {is: 'settled'});
});
