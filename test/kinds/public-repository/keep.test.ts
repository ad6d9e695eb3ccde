import test from 'ava';
import {publicRepository} from '../../../src/kinds/public-repository/index.ts';
import {logoDigest} from '../../../src/kinds/public-repository/catalog.ts';
import {ownerTag, uidTag} from '../../../src/kinds/ownership.ts';
import {edited, keep, owner, resourceOf, statusIn} from './keep.ts';
import {accountId, MemoryEcrPublic} from './memory-public.ts';

const policyText = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr-public:PutImage"}]}';
const logo = Buffer.from('a logo').toString('base64');
const otherLogo = Buffer.from('other logo').toString('base64');

test('a repository with a catalogue and tags is created in one call, and with a policy in two', async (t) => {
  const ecr = new MemoryEcrPublic();
  const catalogData = {description: 'An app', architectures: ['ARM 64', 'x86-64'], logoImageBlob: logo};
  const spec = {name: 'team/app', catalogData, tags: [{key: 'team', value: 'a'}], repositoryPolicy: {policyText}};
  const walked = await keep(resourceOf(spec), ecr);
  t.deepEqual(ecr.take(), ['CreateRepository', 'SetRepositoryPolicy']);
  t.like(walked.outcome, {is: 'settled', reason: 'InSync'});
  t.deepEqual(ecr.repositories.get('team/app')?.tags, {team: 'a', [ownerTag]: owner, [uidTag]: 'uid-1'});
  t.deepEqual(ecr.repositories.get('team/app')?.catalog, catalogData);
  t.deepEqual(statusIn(walked.resource), {
    repositoryArn: `arn:aws:ecr-public::${accountId}:repository/team/app`,
    repositoryUri: 'public.ecr.aws/a1b2c3d4/team/app',
    registryId: accountId,
    createdAt: '2026-01-01T00:00:02.000Z',
    applied: {
      generation: 1,
      tags: ['team'],
      repositoryPolicy: true,
      catalogData: ['description', 'architectures'],
      logoDigest: logoDigest(logo),
    },
  });
  const again = await keep(walked.resource, ecr);
  t.deepEqual(ecr.take(), ['DescribeRepositories', 'ListTagsForResource', 'GetRepositoryCatalogData', 'GetRepositoryPolicy']);
  t.deepEqual(again.resource.status, walked.resource.status);
});

test('members that the spec leaves out stay, and are sent again with what changes', async (t) => {
  const ecr = new MemoryEcrPublic();
  const {resource} = await keep(resourceOf({catalogData: {description: 'one', logoImageBlob: logo}}), ecr);
  const stored = ecr.repositories.get('app')!;
  stored.catalog = {...stored.catalog, usageText: 'theirs', operatingSystems: ['Linux']};
  const {steps} = await keep(edited(resource, {catalogData: {description: 'two', logoImageBlob: logo}}), ecr);
  t.deepEqual(
    steps.map(({call, why}) => `${call}: ${why}`),
    ['PutRepositoryCatalogData: the catalogue differs: description'],
  );
  t.deepEqual(stored.catalog, {description: 'two', logoImageBlob: logo, usageText: 'theirs', operatingSystems: ['Linux']});
});

test('a member that is taken out of the spec is cleared, if it was set from it', async (t) => {
  const ecr = new MemoryEcrPublic();
  const catalogData = {description: 'one', architectures: ['ARM'], logoImageBlob: logo};
  const first = await keep(resourceOf({catalogData}), ecr);
  const stored = ecr.repositories.get('app')!;
  stored.catalog = {...stored.catalog, aboutText: 'theirs'};
  const second = await keep(edited(first.resource, {}), ecr);
  t.is(second.outcome.reason, 'InSync');
  t.deepEqual(stored.catalog, {aboutText: 'theirs'});
  t.deepEqual(statusIn(second.resource).applied, {generation: 2, tags: []});
  ecr.take();
  await keep(second.resource, ecr);
  t.deepEqual(ecr.take(), ['DescribeRepositories', 'ListTagsForResource'], 'the catalogue is not looked at any more');
});

test('an empty text or list clears what anybody set', async (t) => {
  const ecr = new MemoryEcrPublic();
  const {resource} = await keep(resourceOf({catalogData: {}}), ecr);
  const stored = ecr.repositories.get('app')!;
  stored.catalog = {description: 'theirs', architectures: ['ARM'], aboutText: 'kept'};
  await keep(edited(resource, {catalogData: {description: '', architectures: []}}), ecr);
  t.deepEqual(stored.catalog, {aboutText: 'kept'});
});

test('a logo is sent again when it changes, and never because AWS gives only its URL', async (t) => {
  const ecr = new MemoryEcrPublic();
  const first = await keep(resourceOf({catalogData: {logoImageBlob: logo}}), ecr);
  t.deepEqual((await keep(first.resource, ecr)).steps, []);
  const second = await keep(edited(first.resource, {catalogData: {logoImageBlob: otherLogo}}), ecr);
  t.is(ecr.repositories.get('app')?.catalog.logoImageBlob, otherLogo);
  t.is(statusIn(second.resource).applied?.logoDigest, logoDigest(otherLogo));
});

test("a logo of someone else's is not lost: the catalogue waits, and all else is done", async (t) => {
  const ecr = new MemoryEcrPublic();
  const stored = ecr.put('app', {catalog: {description: 'theirs', logoImageBlob: otherLogo}});
  const spec = {adoptionPolicy: 'Adopt', catalogData: {description: 'ours'}, repositoryPolicy: {policyText}};
  const held = await keep(resourceOf(spec), ecr);
  t.like(held.outcome, {is: 'stalled', reason: 'LogoWouldBeLost'});
  t.regex(held.outcome.message, /spec\.catalogData\.logoImageBlob/);
  t.is(stored.policyText, policyText);
  t.deepEqual(stored.catalog, {description: 'theirs', logoImageBlob: otherLogo});
  const next = await keep(edited(held.resource, {...spec, catalogData: {description: 'ours', logoImageBlob: logo}}), ecr);
  t.is(next.outcome.reason, 'InSync');
  t.deepEqual(stored.catalog, {description: 'ours', logoImageBlob: logo});
});

test('a repository that exists and is not ours is refused, and nothing is touched', async (t) => {
  for (const adoptionPolicy of ['IfOwned', 'Never']) {
    const ecr = new MemoryEcrPublic();
    const stored = ecr.put('app', {tags: {made: 'by hand'}, catalog: {description: 'theirs'}});
    const before = structuredClone(stored);
    const {outcome, resource} = await keep(resourceOf({adoptionPolicy, catalogData: {description: 'ours'}}), ecr);
    t.like(outcome, {is: 'stalled', reason: 'RepositoryNotOwned'});
    t.deepEqual(stored, before);
    t.deepEqual(resource.status, {});
  }
});

test('Adopt does not take what another object of the cluster has', async (t) => {
  const ecr = new MemoryEcrPublic();
  const other = resourceOf({name: 'shared'}, {name: 'other', uid: 'uid-2'});
  await keep(other, ecr);
  const {outcome} = await keep(resourceOf({name: 'shared', adoptionPolicy: 'Adopt'}), ecr, [other]);
  t.is(outcome.reason, 'RepositoryNotOwned');
  t.regex(outcome.message, /that object still exists/);
});

test('with Report a difference is told and left alone', async (t) => {
  const ecr = new MemoryEcrPublic();
  const {resource} = await keep(resourceOf({driftPolicy: 'Report', catalogData: {description: 'one'}}), ecr);
  const stored = ecr.repositories.get('app')!;
  stored.catalog = {description: 'theirs'};
  const {outcome, steps} = await keep(resource, ecr);
  t.deepEqual(steps, []);
  t.like(outcome, {is: 'stalled', reason: 'Drifted'});
  t.regex(outcome.message, /the catalogue differs: description/);
  ecr.repositories.clear();
  t.regex((await keep(resource, ecr)).outcome.message, /was deleted in AWS/);
  t.is(ecr.repositories.size, 0);
});

test('what was remembered of a repository does not count for a later one of the same name', async (t) => {
  const ecr = new MemoryEcrPublic();
  const {resource} = await keep(resourceOf({catalogData: {description: 'one', logoImageBlob: logo}}), ecr);
  const later = ecr.put('app', {tags: {[ownerTag]: owner, [uidTag]: 'uid-1'}, catalog: {description: 'one'}});
  await keep(resource, ecr);
  t.is(later.catalog.logoImageBlob, logo);
});

test('a document that is no JSON, a Registry that is not there, and a partition without ECR Public are told', async (t) => {
  const ecr = new MemoryEcrPublic();
  const broken = await keep(resourceOf({repositoryPolicy: {policyText: '{'}}), ecr);
  t.like(broken.outcome, {is: 'stalled', reason: 'InvalidRepositoryPolicy'});
  t.regex(broken.outcome.message, /^spec\.repositoryPolicy\.policyText: .*line 1 column 2/);
  t.is((await keep(resourceOf({registryRef: {name: 'gone'}}), ecr)).outcome.reason, 'RegistryNotFound');
  ecr.partition = 'aws-cn';
  const china = await keep(resourceOf(), ecr);
  t.like(china.outcome, {is: 'stalled', reason: 'PartitionWithoutEcrPublic'});
  t.regex(china.outcome.message, /partition aws-cn/);
  t.deepEqual(ecr.calls, []);
});

test('a Registry that is now another account does not make the repository again', async (t) => {
  const ecr = new MemoryEcrPublic();
  const repositoryArn = 'arn:aws:ecr-public::210987654321:repository/app';
  const {outcome, resource} = await keep(resourceOf({}, {}, {repositoryArn}), ecr);
  t.like(outcome, {is: 'stalled', reason: 'RegistryMoved'});
  t.deepEqual(resource.status, {repositoryArn});
});

test('deleted: Retain makes no call, DeleteIfEmpty waits for images, Delete takes them, and only what is ours', async (t) => {
  const deletionTimestamp = '2026-01-02T00:00:00Z';
  for (const [deletionPolicy, images, reason, isLeft] of [
    ['Retain', 0, 'Retained', true],
    ['DeleteIfEmpty', 2, 'RepositoryNotEmpty', true],
    ['DeleteIfEmpty', 0, 'Deleted', false],
    ['Delete', 2, 'Deleted', false],
  ] as const) {
    const ecr = new MemoryEcrPublic();
    const {resource} = await keep(resourceOf({deletionPolicy, catalogData: {description: 'one'}}), ecr);
    ecr.repositories.get('app')!.images = images;
    ecr.take();
    const going = {...resource, metadata: {...resource.metadata, deletionTimestamp}};
    const gone = await keep(going, ecr);
    t.is(gone.outcome.reason, reason);
    t.deepEqual(gone.resource.status, resource.status, 'what was set is not forgotten');
    t.is(ecr.repositories.has('app'), isLeft);
    if (deletionPolicy === 'Retain') t.deepEqual(ecr.calls, []);
  }
  const ecr = new MemoryEcrPublic();
  const {resource} = await keep(resourceOf({deletionPolicy: 'Delete'}), ecr);
  ecr.repositories.get('app')!.tags = {[ownerTag]: 'other/team/app'};
  const {outcome} = await keep({...resource, metadata: {...resource.metadata, deletionTimestamp}}, ecr);
  t.is(outcome.reason, 'Retained');
  t.true(ecr.repositories.has('app'));
});

test('an image that is pushed between the count and the deletion keeps the repository', async (t) => {
  const ecr = new MemoryEcrPublic();
  const {resource} = await keep(resourceOf({deletionPolicy: 'DeleteIfEmpty'}), ecr);
  ecr.before = (call) => {
    if (call === 'DeleteRepository') ecr.repositories.get('app')!.images = 1;
  };
  const going = {...resource, metadata: {...resource.metadata, deletionTimestamp: '2026-01-02T00:00:00Z'}};
  t.is((await keep(going, ecr)).outcome.reason, 'RepositoryNotEmpty');
});

test('a rehearsal looks before it would create', async (t) => {
  const ecr = new MemoryEcrPublic();
  ecr.put('app');

  const observed = await publicRepository.observe(resourceOf(), {...ecr.doors(), isRehearsal: true});
  t.is(publicRepository.plan(resourceOf(), observed).then.reason, 'RepositoryNotOwned');
});
