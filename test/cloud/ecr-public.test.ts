import {randomBytes} from 'node:crypto';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  DescribeRegistriesCommand,
  DescribeRepositoriesCommand,
  ECRPUBLICClient,
  GetAuthorizationTokenCommand,
  GetRepositoryCatalogDataCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutRepositoryCatalogDataCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr-public';
import {AssumeRoleCommand, STSClient} from '@aws-sdk/client-sts';
import test from 'ava';
import type {Credentials} from './sign.ts';
import {startCloud, type Cloud} from './start.ts';

let cloud: Cloud;
let ecr: ECRPUBLICClient;

test.before(async () => {
  cloud = await startCloud();
  ecr = cloud.ecrPublic;
});

test.after.always(() => cloud?.stop());

const as = (credentials: Credentials, region = 'us-east-1') =>
  new ECRPUBLICClient({endpoint: cloud.endpoint, region, credentials, maxAttempts: 1});

const manifest = (text: string) =>
  JSON.stringify({schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', annotations: {text}});

test('a repository is made with catalogue and tags, described, and deleted when it is empty', async (t) => {
  const {repository, catalogData} = await ecr.send(
    new CreateRepositoryCommand({
      repositoryName: 'team/app',
      tags: [{Key: 'team', Value: 'a'}],
      catalogData: {description: 'An app', architectures: ['ARM 64'], logoImageBlob: randomBytes(64)},
    }),
  );
  const {accountId} = cloud;
  t.like(repository, {repositoryArn: `arn:aws:ecr-public::${accountId}:repository/team/app`, registryId: accountId});
  t.regex(repository?.repositoryUri ?? '', /^public\.ecr\.aws\/\w+\/team\/app$/);
  t.like(catalogData, {description: 'An app', architectures: ['ARM 64']});
  t.regex(catalogData?.logoUrl ?? '', /^https:/);
  const again = ecr.send(new CreateRepositoryCommand({repositoryName: 'team/app'}));
  await t.throwsAsync(again, {name: 'RepositoryAlreadyExistsException'});
  const {repositories = []} = await ecr.send(new DescribeRepositoriesCommand({repositoryNames: ['team/app']}));
  t.deepEqual(repositories, [repository!]);
  const {registries = []} = await ecr.send(new DescribeRegistriesCommand({}));
  t.true(repository?.repositoryUri?.startsWith(`${registries[0]?.registryUri}/`));
  await ecr.send(new PutImageCommand({repositoryName: 'team/app', imageManifest: manifest('1'), imageTag: 'v1'}));
  const removed = ecr.send(new DeleteRepositoryCommand({repositoryName: 'team/app'}));
  await t.throwsAsync(removed, {name: 'RepositoryNotEmptyException'});
  await ecr.send(new DeleteRepositoryCommand({repositoryName: 'team/app', force: true}));
  const gone = ecr.send(new DescribeRepositoriesCommand({repositoryNames: ['team/app']}));
  await t.throwsAsync(gone, {name: 'RepositoryNotFoundException'});
});

test('repositories come in pages', async (t) => {
  const names = ['pages/a', 'pages/b', 'pages/c'];
  for (const repositoryName of names) await ecr.send(new CreateRepositoryCommand({repositoryName}));
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecr.send(new DescribeRepositoriesCommand({maxResults: 2, ...(nextToken !== undefined && {nextToken})}));
    t.true((page.repositories ?? []).length <= 2);
    found.push(...(page.repositories ?? []).map(({repositoryName = ''}) => repositoryName));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  t.deepEqual(
    found.filter((name) => name.startsWith('pages/')),
    names,
  );
  const both = ecr.send(new DescribeRepositoriesCommand({repositoryNames: ['pages/a'], maxResults: 2}));
  await t.throwsAsync(both, {name: 'InvalidParameterException'});
});

test('putting the catalogue replaces the whole of it', async (t) => {
  const repositoryName = 'catalogue';
  await ecr.send(new CreateRepositoryCommand({repositoryName}));
  const get = () => ecr.send(new GetRepositoryCatalogDataCommand({repositoryName}));
  await t.throwsAsync(get(), {name: 'RepositoryCatalogDataNotFoundException'});
  await ecr.send(new PutRepositoryCatalogDataCommand({repositoryName, catalogData: {description: 'a', logoImageBlob: randomBytes(9)}}));
  await ecr.send(new PutRepositoryCatalogDataCommand({repositoryName, catalogData: {aboutText: 'b'}}));
  const {catalogData} = await get();
  t.deepEqual(catalogData, {aboutText: 'b', marketplaceCertified: false});
});

test('a policy is set, given back written anew, and deleted', async (t) => {
  const repositoryName = 'policy';
  await ecr.send(new CreateRepositoryCommand({repositoryName}));
  const get = () => ecr.send(new GetRepositoryPolicyCommand({repositoryName}));
  await t.throwsAsync(get(), {name: 'RepositoryPolicyNotFoundException'});
  const policyText = '{"Version":"2012-10-17","Statement":[]}';
  await ecr.send(new SetRepositoryPolicyCommand({repositoryName, policyText}));
  const {policyText: told = ''} = await get();
  t.not(told, policyText);
  t.deepEqual(JSON.parse(told), JSON.parse(policyText));
  const broken = ecr.send(new SetRepositoryPolicyCommand({repositoryName, policyText: '{'}));
  await t.throwsAsync(broken, {name: 'InvalidParameterException'});
  await ecr.send(new DeleteRepositoryPolicyCommand({repositoryName}));
  await t.throwsAsync(ecr.send(new DeleteRepositoryPolicyCommand({repositoryName})), {name: 'RepositoryPolicyNotFoundException'});
});

test('tags are added, replaced and taken away', async (t) => {
  const {repository} = await ecr.send(new CreateRepositoryCommand({repositoryName: 'tags', tags: [{Key: 'a', Value: '1'}]}));
  const resourceArn = repository?.repositoryArn;
  await ecr.send(
    new TagResourceCommand({
      resourceArn,
      tags: [
        {Key: 'a', Value: '2'},
        {Key: 'b', Value: ''},
      ],
    }),
  );
  const tagsNow = async () => {
    const {tags = []} = await ecr.send(new ListTagsForResourceCommand({resourceArn}));
    return Object.fromEntries(tags.map(({Key, Value}) => [Key, Value]));
  };
  t.deepEqual(await tagsNow(), {a: '2', b: ''});
  await ecr.send(new UntagResourceCommand({resourceArn, tagKeys: ['b', 'never']}));
  t.deepEqual(await tagsNow(), {a: '2'});
  const many = Array.from({length: 50}, (_, index) => ({Key: `k${index}`, Value: ''}));
  await t.throwsAsync(ecr.send(new TagResourceCommand({resourceArn, tags: many})), {name: 'TooManyTagsException'});
  const reserved = ecr.send(new TagResourceCommand({resourceArn, tags: [{Key: 'aws:x', Value: ''}]}));
  await t.throwsAsync(reserved, {name: 'InvalidTagParameterException'});
});

test('a tag that moves leaves its image untagged, and an image goes with its last tag', async (t) => {
  const repositoryName = 'images';
  await ecr.send(new CreateRepositoryCommand({repositoryName}));
  const put = (text: string) => ecr.send(new PutImageCommand({repositoryName, imageManifest: manifest(text), imageTag: 'v1'}));
  await put('1');
  await t.throwsAsync(put('1'), {name: 'ImageAlreadyExistsException'});
  await put('2');
  const {imageDetails = []} = await ecr.send(new DescribeImagesCommand({repositoryName}));
  t.deepEqual(
    imageDetails.map(({imageTags = []}) => imageTags.join()).toSorted((a, b) => a.localeCompare(b)),
    ['', 'v1'],
  );
  const absent = ecr.send(new DescribeImagesCommand({repositoryName, imageIds: [{imageTag: 'v9'}]}));
  await t.throwsAsync(absent, {name: 'ImageNotFoundException'});
  const {failures = []} = await ecr.send(new BatchDeleteImageCommand({repositoryName, imageIds: [{imageTag: 'v1'}, {imageTag: 'v9'}]}));
  t.deepEqual(
    failures.map(({failureCode}) => failureCode),
    ['ImageNotFound'],
  );
  const left = await ecr.send(new DescribeImagesCommand({repositoryName}));
  t.is(left.imageDetails?.length, 1);
});

test('what is beyond the limits of the API is refused', async (t) => {
  const create = (repositoryName: string, catalogData = {}) => ecr.send(new CreateRepositoryCommand({repositoryName, catalogData}));
  for (const name of ['A', 'Team/app', `a${'b'.repeat(205)}`]) await t.throwsAsync(create(name), {name: 'InvalidParameterException'}, name);
  const wrong = {
    description: {description: 'a'.repeat(1025)},
    aboutText: {aboutText: 'a'.repeat(25_601)},
    architectures: {architectures: ['']},
    logoImageBlob: {logoImageBlob: randomBytes(512_001)},
  };
  for (const [field, catalogData] of Object.entries(wrong)) {
    const error = await t.throwsAsync(create('limits', catalogData), {name: 'InvalidParameterException'});
    t.regex(error?.message ?? '', new RegExp(`catalogData\\.${field}`));
  }
  const foreign = ecr.send(new DescribeRepositoriesCommand({registryId: '210987654321'}));
  await t.throwsAsync(foreign, {name: 'RegistryNotFoundException'});
});

test('a token is one of the gateway', async (t) => {
  const {authorizationData} = await ecr.send(new GetAuthorizationTokenCommand({}));
  t.true(
    Buffer.from(authorizationData?.authorizationToken ?? '', 'base64')
      .toString()
      .startsWith('AWS:'),
  );
  t.true((authorizationData?.expiresAt?.getTime() ?? 0) > Date.now());
});

test('the API is in one region', async (t) => {
  const elsewhere = as(cloud.rootCredentials, 'eu-central-1').send(new DescribeRepositoriesCommand({}));
  await t.throwsAsync(elsewhere, {name: 'UnsupportedCommandException'});
});

test('unknown keys and wrong signatures are refused, and a role may do what its policy allows, where it does', async (t) => {
  for (const accessKeyId of ['test', '123456789012', 'AKIANOBODY0000000000']) {
    const asked = as({accessKeyId, secretAccessKey: 'x'}).send(new DescribeRepositoriesCommand({}));
    await t.throwsAsync(asked, {name: 'UnrecognizedClientException'}, accessKeyId);
  }
  const root = `arn:aws:iam::${cloud.accountId}:root`;
  const resources = [`arn:aws:ecr-public::${cloud.accountId}:repository/mine/*`];
  const RoleArn = await cloud.createRole({name: 'public', trusts: [root], actions: ['ecr-public:CreateRepository'], resources});
  const sts = new STSClient({endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.rootCredentials, maxAttempts: 1});
  const {Credentials: made} = await sts.send(new AssumeRoleCommand({RoleArn, RoleSessionName: 'test'}));
  const session = {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  };
  const forged = as({...session, secretAccessKey: 'wrong'}).send(new CreateRepositoryCommand({repositoryName: 'mine/app'}));
  await t.throwsAsync(forged, {name: 'InvalidSignatureException'});
  await t.notThrowsAsync(as(session).send(new CreateRepositoryCommand({repositoryName: 'mine/app'})));
  for (const command of [
    new CreateRepositoryCommand({repositoryName: 'yours/app'}),
    new DeleteRepositoryCommand({repositoryName: 'mine/app'}),
    new DescribeRepositoriesCommand({}),
    new GetAuthorizationTokenCommand({}),
  ]) {
    const error = await t.throwsAsync(as(session).send(command as CreateRepositoryCommand), {name: 'AccessDeniedException'});
    t.regex(error?.message ?? '', /assumed-role\/public\/test is not authorized to perform: ecr-public:\w+ on resource: /);
  }
});
