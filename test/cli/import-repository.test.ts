import test from 'ava';
import * as fc from 'fast-check';
import {parse} from 'yaml';
import {manifestsOf} from '../../src/cli/import/manifests.ts';
import {objectNames} from '../../src/cli/import/names.ts';
import {imported} from '../../src/cli/import/repository.ts';
import {type Described, repositorySpec} from '../../src/cli/import/repository-spec.ts';
import {unknownFields} from '../../src/cli/plan/unknown-fields.ts';
import {ownerTag, uidTag} from '../../src/kinds/ownership.ts';
import {RepositorySpec} from '../../src/kinds/repository/schema.ts';
import {toStructural} from '../../src/schema/structural.ts';
import {keep, resourceOf} from '../kinds/repository/keep.ts';
import {MemoryEcr} from '../kinds/repository/memory-ecr.ts';
import {described, repositoryName} from './described.ts';

function objectOf(one: Described, name = 'app') {
  const finding = imported(name, one, {registry: 'default'});
  if (finding.is !== 'object') throw new Error(JSON.stringify(finding));
  return finding;
}

test('what is imported, as it is read back from its file, is taken over and nothing of it is changed', async (t) => {
  await fc.assert(
    fc.asyncProperty(described, async (one) => {
      const {object} = objectOf(one);
      const [{text} = {text: ''}] = manifestsOf([object], ['Repository']);
      const read = parse(text, {version: '1.1'}) as typeof object & {spec: Record<string, unknown>};
      t.deepEqual(read, JSON.parse(JSON.stringify(object)));
      t.deepEqual(unknownFields(toStructural(RepositorySpec), read.spec, 'spec'), []);
      const ecr = new MemoryEcr();
      const {repository, lifecyclePolicyText, policyText} = one;
      ecr.put(repository.repositoryName, {
        repository,
        tags: one.tags,
        ...(lifecyclePolicyText !== undefined && {lifecyclePolicyText}),
        ...(policyText !== undefined && {policyText}),
      });
      const before = structuredClone(ecr.repositories.get(repository.repositoryName));
      const first = await keep(resourceOf(read.spec, {name: 'app'}), ecr);
      t.is(first.outcome.reason, 'InSync');
      t.deepEqual(
        first.steps.map((step) => (step.call === 'TagResource' ? Object.keys(step.tags) : step.call)),
        [[ownerTag, uidTag]],
      );
      const after = ecr.repositories.get(repository.repositoryName);
      t.deepEqual({...after, tags: {}}, {...before, tags: {}});
      const {[ownerTag]: _, [uidTag]: __, ...others} = after?.tags ?? {};
      t.deepEqual(others, before?.tags ?? {});
      t.deepEqual((await keep(first.resource, ecr)).steps, []);
    }),
    {numRuns: 300},
  );
});

test('every name in AWS gets a name of its own in Kubernetes, whatever the order', (t) => {
  const near = fc.constantFrom('team/app', 'team-app', 'team_app', 'team.app', 'team/app-3f', 'a/b/c', 'a-b-c', 'a_b/c');
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(repositoryName, near)), (names) => {
      const given = objectNames(names);
      t.is(new Set(given.values()).size, names.length);
      for (const name of given.values()) t.regex(name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
      t.deepEqual(objectNames(names.toReversed()), given);
    }),
  );
});

test('names', (t) => {
  const names = ['team/app', 'team-app', 'team_app', 'web', 'a__b', `x/${'y'.repeat(254)}`];
  const given = objectNames(names);
  t.is(given.get('team-app'), 'team-app');
  t.regex(given.get('team/app') ?? '', /^team-app-[0-9a-f]{8}$/);
  t.regex(given.get('team_app') ?? '', /^team-app-[0-9a-f]{8}$/);
  t.is(given.get('web'), 'web');
  t.is(given.get('a__b'), 'a-b');
  t.is(given.get(names[5] ?? '')?.length, 253);
  t.deepEqual(objectNames(['team/app', 'team_app']).get('team/app'), 'team-app');
});

const plain: Described['repository'] = {
  repositoryName: 'team/app',
  repositoryArn: 'arn:aws:ecr:us-east-1:123456789012:repository/team/app',
  repositoryUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app',
  registryId: '123456789012',
  imageTagMutability: 'MUTABLE',
  scanOnPush: false,
  encryptionType: 'AES256',
};

test('a plain repository has a short manifest', (t) => {
  const {object} = objectOf({repository: plain, tags: {}}, 'team-app');
  t.deepEqual(manifestsOf([object], ['Repository']), [
    {
      file: 'repository-team-app.yaml',
      text: `apiVersion: ecr.drayage.dev/v1alpha1
kind: Repository
metadata:
  name: team-app
spec:
  name: team/app
  deletionPolicy: Retain
  adoptionPolicy: Adopt
`,
    },
  ]);
});

test('documents are blocks, and tags in order', (t) => {
  const repository = {...plain, imageTagMutability: 'IMMUTABLE', encryptionType: 'KMS', kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/1'};
  const policyText = '{"Version":"2012-10-17","Statement":[]}';
  const finding = imported('team-app', {repository, tags: {b: 'on', a: '1'}, policyText}, {registry: 'other', namespace: 'shop'});
  const objects = finding.is === 'object' ? [finding.object] : [];
  t.is(
    manifestsOf(objects, ['Repository'])[0]?.text,
    `apiVersion: ecr.drayage.dev/v1alpha1
kind: Repository
metadata:
  name: team-app
  namespace: shop
spec:
  name: team/app
  registryRef:
    name: other
  imageTagMutability: IMMUTABLE
  encryptionConfiguration:
    encryptionType: KMS
    kmsKey: arn:aws:kms:us-east-1:123456789012:key/1
  repositoryPolicy:
    policyText: |
      {
        "Version": "2012-10-17",
        "Statement": []
      }
  tags:
    - key: a
      value: "1"
    - key: b
      value: "on"
  deletionPolicy: Retain
  adoptionPolicy: Adopt
`,
  );
});

test('what a spec cannot hold is left out and said', (t) => {
  const tags = Object.fromEntries(Array.from({length: 49}, (_, index) => [`k${index}`, '']));
  const {spec, notes} = repositorySpec('team-app', 'default', {repository: plain, tags, lifecyclePolicyText: '[]', policyText: '{'});
  t.is((spec['tags'] as unknown[]).length, 40);
  t.false('lifecyclePolicy' in spec);
  t.false('repositoryPolicy' in spec);
  t.is(notes.length, 4);
  t.regex(notes[1] ?? '', /no room for the 2 of ownership/);
});

test('a setting that the kind does not know fails, and is not guessed at', (t) => {
  const finding = imported('x', {repository: {...plain, imageTagMutability: 'FROZEN'}, tags: {}}, {registry: 'default'});
  t.is(finding.is, 'failed');
  t.regex(finding.is === 'failed' ? finding.why : '', /spec\.imageTagMutability/);
});
