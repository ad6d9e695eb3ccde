import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetRepositoryCatalogDataCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutRepositoryCatalogDataCommand,
  type RepositoryCatalogData,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecr-public';
import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Ref} from '../../src/kube/kube.ts';
import {publicRepositories, registries} from '../../src/schema/types.ts';
import {policy} from '../support/ecr-look.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

const ns = 'shop';
const resync = 4;
const logoImageBlob = Buffer.from('a logo').toString('base64');

let scene: Scene;
let operator: Operator;

test.before(async () => {
  scene = await startScene();
  operator = await scene.stage.operator({flags: [`--resync-seconds=${resync}`, '--log-level=debug']});
  await scene.namespace(ns);
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(async () => {
  await scene?.stop();
});

const ecr = () => scene.stage.cloud.ecrPublic;

function manifest(name: string, spec: object) {
  return {apiVersion: publicRepositories.apiVersion, kind: 'PublicRepository', metadata: {name, namespace: ns}, spec};
}

async function make(name: string, spec: object = {}): Promise<Ref> {
  await scene.kube.apply(publicRepositories, manifest(name, spec), {fieldManager: 'tests'});
  return {type: publicRepositories, namespace: ns, name};
}

async function remove(name: string): Promise<void> {
  await scene.stage.cluster.kubectl(['delete', 'publicrepositories.ecr.drayage.dev', name, '-n', ns, '--wait=false']);
}

async function exists(repositoryName: string): Promise<boolean> {
  const asked = ecr().send(new DescribeRepositoriesCommand({repositoryNames: [repositoryName]}));
  return asked.then(
    () => true,
    (error: Error) => {
      if (error.name === 'RepositoryNotFoundException') return false;
      throw error;
    },
  );
}

async function catalogOf(repositoryName: string): Promise<RepositoryCatalogData> {
  return (await ecr().send(new GetRepositoryCatalogDataCommand({repositoryName}))).catalogData ?? {};
}

async function tagsOf(repositoryName: string): Promise<Readonly<Record<string, string>>> {
  const {repositories = []} = await ecr().send(new DescribeRepositoriesCommand({repositoryNames: [repositoryName]}));
  const {tags = []} = await ecr().send(new ListTagsForResourceCommand({resourceArn: repositories[0]?.repositoryArn}));
  return Object.fromEntries(tags.map(({Key = '', Value = ''}) => [Key, Value]));
}

async function refusal(name: string, spec: object): Promise<string> {
  const {code, stderr} = await scene.stage.cluster.kubectl(['apply', '-f', '-'], {input: JSON.stringify(manifest(name, spec))});
  if (code === 0) throw new Error('it was accepted');
  return stderr;
}

test.serial('a repository with catalogue, tags and a policy takes two calls, and none more when it is settled', async (t) => {
  const since = new Date();
  const ref = await make('web', {
    name: 'shop/web',
    tags: [{key: 'team', value: 'shop'}],
    catalogData: {description: 'The shop', architectures: ['x86-64', 'ARM 64'], operatingSystems: ['Linux'], logoImageBlob},
    repositoryPolicy: {policyText: policy('ecr-public:PutImage')},
  });
  const object = await scene.ready(ref);
  const calls = (await scene.calls(since)).map(({service, operation}) => `${service}:${operation}`);
  t.deepEqual(calls, ['ecr-public:CreateRepository', 'ecr-public:SetRepositoryPolicy']);
  const {accountId} = scene.stage.cloud;
  t.like(object.status, {repositoryArn: `arn:aws:ecr-public::${accountId}:repository/shop/web`, registryId: accountId});
  t.regex(String(object.status?.['repositoryUri']), /^public\.ecr\.aws\/\w+\/shop\/web$/);
  t.like(await tagsOf('shop/web'), {team: 'shop'});
  t.regex((await tagsOf('shop/web'))['drayage.dev/owner'] ?? '', /\/shop\/web$/);
  t.like(await catalogOf('shop/web'), {description: 'The shop', operatingSystems: ['Linux']});
  const {resourceVersion} = object.metadata;
  await sleep(1.5 * resync * 1000);
  t.is((await scene.get(ref))?.metadata.resourceVersion, resourceVersion, 'a settled object is not written');
  const {stdout} = await scene.stage.cluster.kubectl(['get', 'ecrpubrepo', 'web', '-n', ns]);
  t.log(stdout);
  t.regex(stdout, /^NAME\s+READY\s+STATUS\s+URI\s+AGE\nweb\s+True\s+InSync\s+public\.ecr\.aws/);
});

test('what is changed in AWS is put back, and what the spec does not say stays', async (t) => {
  const repositoryName = 'drift';
  const spec = {catalogData: {description: 'ours', logoImageBlob}, repositoryPolicy: {policyText: policy('ecr-public:PutImage')}};
  const ref = await make(repositoryName, spec);
  const object = await scene.ready(ref);
  const {logoUrl} = await catalogOf(repositoryName);
  const resourceArn = String(object.status?.['repositoryArn']);
  const catalogData = {description: 'theirs', usageText: 'theirs too'};
  await ecr().send(new PutRepositoryCatalogDataCommand({repositoryName, catalogData}));
  await ecr().send(new SetRepositoryPolicyCommand({repositoryName, policyText: policy('ecr-public:DescribeImages')}));
  await ecr().send(new TagResourceCommand({resourceArn, tags: [{Key: 'cost', Value: 'theirs'}]}));
  await eventually('the catalogue and the policy are put back', async () => {
    const {policyText} = await ecr().send(new GetRepositoryPolicyCommand({repositoryName}));
    return (await catalogOf(repositoryName)).description === 'ours' && policyText?.includes('ecr-public:PutImage');
  });
  t.like(await catalogOf(repositoryName), {usageText: 'theirs too', logoUrl});
  t.is((await tagsOf(repositoryName))['cost'], 'theirs');
  await make(repositoryName, {});
  await eventually('what was set from the spec is cleared', async () => {
    const {description, logoUrl: logo, usageText} = await catalogOf(repositoryName);
    return description === undefined && logo === undefined && usageText === 'theirs too';
  });
  await scene.ready(ref);
  await t.throwsAsync(ecr().send(new GetRepositoryPolicyCommand({repositoryName})), {name: 'RepositoryPolicyNotFoundException'});
  t.deepEqual(await scene.warnings(ref), []);
});

test('a repository that exists is not touched, until the object says Adopt; and a logo of others is not lost', async (t) => {
  const repositoryName = 'foreign';
  const theirs = {description: 'theirs', logoImageBlob: Buffer.from('their logo')};
  await ecr().send(new CreateRepositoryCommand({repositoryName, catalogData: theirs}));
  const spec = {catalogData: {description: 'ours'}};
  const ref = await make(repositoryName, spec);
  const refused = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RepositoryNotOwned'});
  t.regex(conditionOf(refused, 'Ready')?.message ?? '', /set spec\.adoptionPolicy to Adopt/);
  t.deepEqual(await tagsOf(repositoryName), {});
  await make(repositoryName, {...spec, adoptionPolicy: 'Adopt'});
  const held = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'LogoWouldBeLost'});
  t.regex(conditionOf(held, 'Ready')?.message ?? '', /the catalogue differs: description/);
  t.is((await catalogOf(repositoryName)).description, 'theirs');
  await make(repositoryName, {catalogData: {description: 'ours', logoImageBlob}, adoptionPolicy: 'Adopt'});
  await scene.ready(ref);
  t.is((await catalogOf(repositoryName)).description, 'ours');
});

test('a repository that was deleted in AWS is made again, or told with Report', async (t) => {
  const again = await make('again', {catalogData: {description: 'back'}});
  const report = await make('report', {driftPolicy: 'Report'});
  await scene.ready(again);
  await scene.ready(report);
  for (const repositoryName of ['again', 'report']) await ecr().send(new DeleteRepositoryCommand({repositoryName}));
  await eventually('it is back', () => exists('again'));
  t.is((await catalogOf('again')).description, 'back');
  const told = await scene.condition(report, {type: 'Stalled', status: 'True', reason: 'Drifted'});
  t.regex(conditionOf(told, 'Ready')?.message ?? '', /report was deleted in AWS/);
  t.false(await exists('report'));
});

test('deletion: Retain leaves it, DeleteIfEmpty waits for images, Delete takes them', async (t) => {
  const refs = {
    retained: await make('retained'),
    full: await make('full', {deletionPolicy: 'DeleteIfEmpty'}),
    gone: await make('gone', {deletionPolicy: 'Delete'}),
  };
  for (const [repositoryName, ref] of Object.entries(refs)) {
    await scene.ready(ref);
    const imageManifest = JSON.stringify({schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json'});
    await ecr().send(new PutImageCommand({repositoryName, imageManifest, imageTag: 'v1'}));
    await remove(repositoryName);
  }
  await scene.gone(refs.retained);
  t.true(await exists('retained'));
  await scene.gone(refs.gone);
  t.false(await exists('gone'));
  const waits = await scene.condition(refs.full, {type: 'Stalled', status: 'True', reason: 'RepositoryNotEmpty'});
  t.regex(conditionOf(waits, 'Ready')?.message ?? '', /holds 1 images/);
  const {imageDetails = []} = await ecr().send(new DescribeImagesCommand({repositoryName: 'full'}));
  const imageIds = imageDetails.map(({imageDigest}) => ({imageDigest}));
  await ecr().send(new BatchDeleteImageCommand({repositoryName: 'full', imageIds}));
  // Anything that touches the object wakes it, so that the test need not wait for the minute.
  await scene.stage.cluster.kubectl(['annotate', 'ecrpubrepo', 'full', '-n', ns, 'look=again']);
  await scene.gone(refs.full);
  t.false(await exists('full'));
});

test('the API server refuses what AWS would refuse, in words', async (t) => {
  t.regex(await refusal('bad', {name: 'Shop/Web'}), /spec\.name: Invalid value/);
  t.regex(await refusal('bad', {catalogData: {architectures: ['amd64']}}), /Unsupported value: "amd64"/);
  t.regex(
    await refusal('bad', {catalogData: {logoImageBlob: 'data:image/png;base64,AAAA'}}),
    /spec\.catalogData\.logoImageBlob: Invalid value/,
  );
  t.regex(await refusal('bad', {catalogData: {decsription: 'x'}}), /unknown field "spec\.catalogData\.decsription"/);
  await scene.ready(await make('fixed', {name: 'fixed'}));
  t.regex(await refusal('fixed', {name: 'other'}), /immutable/);
});

test('a policy that is not JSON, and a Registry that is not there, are told before anything is made', async (t) => {
  const broken = await make('bad-policy', {repositoryPolicy: {policyText: '[]'}});
  const early = await make('early', {registryRef: {name: 'late'}});
  const told = await scene.condition(broken, {type: 'Stalled', status: 'True', reason: 'InvalidRepositoryPolicy'});
  t.regex(conditionOf(told, 'Ready')?.message ?? '', /must be a JSON object/);
  await scene.condition(early, {type: 'Stalled', status: 'True', reason: 'RegistryNotFound'});
  t.false(await exists('bad-policy'));
  const late = {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name: 'late'}, spec: {region: 'eu-central-1'}};
  await scene.kube.apply(registries, late, {fieldManager: 'tests'});
  await scene.ready(early);
  const calls = (await scene.stage.cloud.calls()).filter(({service}) => service === 'ecr-public');
  t.deepEqual([...new Set(calls.map(({region}) => region))], ['us-east-1'], 'whatever the region of the Registry');
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  const log = await operator.log();
  t.deepEqual(await scene.leaks([log]), []);
  t.notRegex(log, /"level":("error"|50)/);
});
