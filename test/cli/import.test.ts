import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {parseAllDocuments} from 'yaml';
import {
  awsError,
  callerIdentity,
  environmentFor,
  type FakeAws,
  fakeAws,
  repositoryJson,
  type Reply,
  type Request,
} from '../aws-door/fake-ecr.ts';
import {temporaryFolder} from '../support/temp-folder.ts';
import {drayage} from './program.ts';

const pageSize = 1000;

/** An account with these repositories; `more` answers before it does. */
function account(names: readonly string[], more: (request: Request, nth: number) => Reply | undefined = () => undefined): Promise<FakeAws> {
  return fakeAws((request, nth) => more(request, nth) ?? answer(names, request));
}

function answer(names: readonly string[], {action, input}: Request): Reply {
  if (action === 'sts:GetCallerIdentity') return callerIdentity;
  if (action === 'sts:AssumeRole') return assumed;
  if (action === 'ecr:ListTagsForResource') return {body: {tags: []}};
  if (action === 'ecr:GetLifecyclePolicy') return awsError('LifecyclePolicyNotFoundException', 'none');
  if (action === 'ecr:GetRepositoryPolicy') return awsError('RepositoryPolicyNotFoundException', 'none');
  const plain = plainRegistry[action];
  if (plain) return plain;
  if (action !== 'ecr:DescribeRepositories') return awsError('AccessDeniedException', `a read-only command called ${action}`);
  const wanted = input['repositoryNames'] as readonly string[] | undefined;
  if (wanted !== undefined) {
    const missing = wanted.find((name) => !names.includes(name));
    if (missing !== undefined) return awsError('RepositoryNotFoundException', `The repository with name '${missing}' does not exist`);
    return {body: {repositories: wanted.map((name) => repositoryJson(name))}};
  }
  const start = Number(input['nextToken'] ?? 0);
  const repositories = names.slice(start, start + pageSize).map((name) => repositoryJson(name));
  return {body: {repositories, ...(start + pageSize < names.length && {nextToken: String(start + pageSize)})}};
}

/** A registry without rules, templates and settings. */
const plainRegistry: Readonly<Record<string, Reply>> = {
  'ecr:GetRegistryPolicy': awsError('RegistryPolicyNotFoundException', 'none'),
  'ecr:DescribeRegistry': {body: {replicationConfiguration: {rules: []}}},
  'ecr:GetRegistryScanningConfiguration': {body: {scanningConfiguration: {scanType: 'BASIC', rules: []}}},
  'ecr:GetSigningConfiguration': awsError('SigningConfigurationNotFoundException', 'none'),
  'ecr:ListPullTimeUpdateExclusions': {body: {pullTimeUpdateExclusions: []}},
  'ecr:DescribeRepositoryCreationTemplates': {body: {repositoryCreationTemplates: []}},
  'ecr:DescribePullThroughCacheRules': {body: {pullThroughCacheRules: []}},
};

const assumed: Reply = {
  body: '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
};

function namesIn(yaml: string): readonly string[] {
  return parseAllDocuments(yaml).map((document) => {
    const {kind, metadata} = document.toJS() as {kind: string; metadata: {name: string}};
    return `${kind} ${metadata.name}`;
  });
}

test('every page is listed, a thousand a call, and progress is told', async (t) => {
  const names = Array.from({length: 1200}, (_, index) => `team/app-${String(index).padStart(4, '0')}`);
  await using server = await account(names.toReversed());
  const {code, out, err} = await drayage(['import'], {environment: environmentFor(server.url)});
  t.is(code, 0, err);
  t.deepEqual(
    namesIn(out),
    names.map((name) => `Repository ${name.replace('/', '-')}`),
  );
  t.is(server.count('ecr:DescribeRepositories'), 2);
  t.deepEqual(
    server.requests.filter(({action}) => action === 'ecr:DescribeRepositories').map(({input}) => input['maxResults']),
    [1000, 1000],
  );
  t.regex(err, /^reading account 123456789012 in us-east-1; the objects are in the Registry default\n/);
  t.regex(err, /read 300 of 1200 repositories\n/);
  t.regex(err, /\nimported 1200 Repositories\n$/);
});

test('at most eight repositories are read at once', async (t) => {
  let [now, top] = [0, 0];
  await using server = await fakeAws(async (request) => {
    if (request.action !== 'ecr:ListTagsForResource') return answer(names, request);
    now += 1;
    top = Math.max(top, now);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    now -= 1;
    return {body: {tags: []}};
  });
  const names = Array.from({length: 40}, (_, index) => `r${index}`);
  const {code} = await drayage(['import'], {environment: environmentFor(server.url)});
  t.is(code, 0);
  t.true(top > 1 && top <= 8, `${top} at once`);
});

test('names alone need no list, and one that is not there is a failure', async (t) => {
  await using server = await account(['a', 'b', 'c']);
  const {code, out, err} = await drayage(['import', '--repository=a', '--repository=zz', '--repository', 'c', '--exclude', 'c'], {
    environment: environmentFor(server.url),
  });
  t.is(code, 1);
  t.deepEqual(namesIn(out), ['Repository a']);
  t.regex(err, /failed: zz: there is no repository of this name\nimported 1 Repository, 1 failed\n$/);
  t.true(server.requests.filter(({action}) => action === 'ecr:DescribeRepositories').every(({input}) => 'repositoryNames' in input));
});

test('patterns choose from the list, and do not change names', async (t) => {
  await using server = await account(['team/app', 'team-app', 'team/web', 'other/web']);
  const environment = environmentFor(server.url);
  const all = namesIn((await drayage(['import'], {environment})).out);
  const some = namesIn((await drayage(['import', '--repository', 'team/*', '--exclude', '*/web'], {environment})).out);
  t.is(some.length, 1);
  t.regex(some[0] ?? '', /^Repository team-app-[0-9a-f]{8}$/);
  t.true(all.includes(some[0] ?? ''));
});

test('what cannot be read is told at the end, and the rest is written', async (t) => {
  await using server = await account(['a', 'b', 'c'], ({action, input}) =>
    action === 'ecr:GetRepositoryPolicy' && input['repositoryName'] === 'b'
      ? awsError('AccessDeniedException', 'User: x is not authorized to perform: ecr:GetRepositoryPolicy on resource: b')
      : undefined,
  );
  const {code, out, err} = await drayage(['import'], {environment: environmentFor(server.url)});
  t.is(code, 1);
  t.deepEqual(namesIn(out), ['Repository a', 'Repository c']);
  t.regex(err, /failed: b: .*ecr:GetRepositoryPolicy/);
  t.regex(err, /imported 2 Repositories, 1 failed\n$/);
});

test('where nothing can be listed, that is the failure', async (t) => {
  await using server = await account([], ({action}) =>
    action === 'ecr:DescribeRepositories'
      ? awsError('AccessDeniedException', 'not authorized to perform: ecr:DescribeRepositories')
      : undefined,
  );
  const {code, out, err} = await drayage(['import'], {environment: environmentFor(server.url)});
  t.is(code, 1);
  t.is(out, '');
  t.regex(err, /failed: repositories: .*ecr:DescribeRepositories.*\nimported nothing, 1 failed\n$/);
});

test('what an object owns is passed over, unless it is wanted', async (t) => {
  const owner = 'other-cluster/shop/web';
  await using server = await account(['a', 'b'], ({action, input}) =>
    action === 'ecr:ListTagsForResource' && String(input['resourceArn']).endsWith('/b')
      ? {body: {tags: [{Key: 'drayage.dev/owner', Value: owner}]}}
      : undefined,
  );
  const environment = environmentFor(server.url);
  const first = await drayage(['import'], {environment});
  t.is(first.code, 0);
  t.deepEqual(namesIn(first.out), ['Repository a']);
  t.regex(
    first.err,
    /skipped: b: it belongs to other-cluster\/shop\/web \(--include-owned takes it too\)\nimported 1 Repository, 1 skipped\n$/,
  );
  const second = await drayage(['import', '--include-owned'], {environment});
  t.deepEqual(namesIn(second.out), ['Repository a', 'Repository b']);
  t.false(second.out.includes(owner));
});

test('a call that AWS throttles again and again is made again', async (t) => {
  const throttled = awsError('ThrottlingException', 'Rate exceeded');
  await using server = await account(['a'], ({action}, nth) => (action === 'ecr:GetLifecyclePolicy' && nth <= 4 ? throttled : undefined));
  const {code, out} = await drayage(['import'], {environment: environmentFor(server.url)});
  t.is(code, 0);
  t.deepEqual(namesIn(out), ['Repository a']);
});

test('another account is read in its role, and has a Registry', async (t) => {
  await using server = await account(['a']);
  const role = 'arn:aws:iam::123456789012:role/reader';
  const argv = ['import', '--account-role', role, '--external-id', 'team-e', '--region', 'eu-west-1', '-n', 'shop'];
  const {code, out, err} = await drayage(argv, {environment: environmentFor(server.url)});
  t.is(code, 0, err);
  t.is(
    out,
    `apiVersion: ecr.drayage.dev/v1alpha1
kind: Registry
metadata:
  name: 123456789012-eu-west-1
spec:
  region: eu-west-1
  accountId: "123456789012"
  roleArn: arn:aws:iam::123456789012:role/reader
  externalId: team-e
---
apiVersion: ecr.drayage.dev/v1alpha1
kind: Repository
metadata:
  name: a
  namespace: shop
spec:
  registryRef:
    name: 123456789012-eu-west-1
  deletionPolicy: Retain
  adoptionPolicy: Adopt
`,
  );
  t.like(server.requests.find(({action}) => action === 'sts:AssumeRole')?.input, {RoleArn: role, ExternalId: 'team-e'});
  t.true(
    server.requests.filter(({action}) => action === 'ecr:DescribeRepositories').every(({input}) => input['registryId'] === '123456789012'),
  );
});

test('files are written whole, and one that a person changed is kept', async (t) => {
  await using server = await account(['team/a', 'b', 'c']);
  const environment = environmentFor(server.url);
  const {folder} = temporaryFolder(t);
  const directory = path.join(folder, 'new', 'ecr');
  const argv = ['import', '--output-dir', directory];
  const dry = await drayage([...argv, '--dry-run'], {environment});
  t.is(dry.out, 'repository-b.yaml\nrepository-c.yaml\nrepository-team-a.yaml\n');
  t.regex(dry.err, /would import 3 Repositories\n$/);
  t.deepEqual(readdirSync(folder), []);
  t.is((await drayage(argv, {environment})).code, 0);
  t.deepEqual(readdirSync(directory).toSorted(), ['repository-b.yaml', 'repository-c.yaml', 'repository-team-a.yaml']);
  const changed = path.join(directory, 'repository-b.yaml');
  const before = readFileSync(changed, 'utf8');
  writeFileSync(changed, '# mine\n');
  const again = await drayage(argv, {environment});
  t.is(again.code, 1);
  t.is(again.out, '');
  t.true(again.err.includes(`kept: ${changed}: it is there and differs`));
  t.true(again.err.includes(`wrote 0 files to ${directory}; 2 were there already\n`));
  t.is(readFileSync(changed, 'utf8'), '# mine\n');
  t.is((await drayage([...argv, '--overwrite'], {environment})).code, 0);
  t.is(readFileSync(changed, 'utf8'), before);
});

test('a folder that cannot be written is said in words', async (t) => {
  await using server = await account(['a']);
  const {write} = temporaryFolder(t);
  const {code, err} = await drayage(['import', '--output-dir', path.join(write('file', ''), 'x')], {
    environment: environmentFor(server.url),
  });
  t.is(code, 1);
  t.regex(err, /drayage import: cannot write to /);
});

test('Ctrl-C writes nothing', async (t) => {
  const stop = new AbortController();
  await using server = await account(['a', 'b'], ({action}) => {
    if (action === 'ecr:ListTagsForResource') stop.abort();
    return undefined;
  });
  const {folder} = temporaryFolder(t);
  mkdirSync(path.join(folder, 'out'));
  const {code, out} = await drayage(['import', '--output-dir', path.join(folder, 'out')], {
    environment: environmentFor(server.url),
    signal: stop.signal,
  });
  t.is(code, 130);
  t.is(out, '');
  t.deepEqual(readdirSync(path.join(folder, 'out')), []);
});

test('what a registry has beside repositories is written too, unless repositories are named', async (t) => {
  const credentialArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf';
  const found: Readonly<Record<string, Reply>> = {
    'ecr:GetRegistryPolicy': {body: {policyText: '{"Version":"2012-10-17","Statement":[]}'}},
    'ecr:DescribeRegistry': {
      body: {replicationConfiguration: {rules: [{destinations: [{region: 'eu-west-1', registryId: '123456789012'}]}]}},
    },
    'ecr:DescribeRepositoryCreationTemplates': {
      body: {repositoryCreationTemplates: [{prefix: 'ROOT', appliedFor: ['CREATE_ON_PUSH'], imageTagMutability: 'IMMUTABLE'}]},
    },
    'ecr:DescribePullThroughCacheRules': {
      body: {
        pullThroughCacheRules: [
          {ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'registry-1.docker.io', upstreamRegistry: 'docker-hub', credentialArn},
          {ecrRepositoryPrefix: 'org/quay', upstreamRegistryUrl: 'quay.io', upstreamRepositoryPrefix: 'ROOT'},
        ],
      },
    },
  };
  await using server = await account(['a'], ({action}) => found[action]);
  const {code, out, err} = await drayage(['import'], {environment: environmentFor(server.url)});
  t.is(code, 0, err);
  t.deepEqual(namesIn(out), [
    'Registry default',
    'RepositoryTemplate root',
    'PullThroughCache hub',
    'PullThroughCache org-quay',
    'Repository a',
  ]);
  const specs = parseAllDocuments(out).map((document) => (document.toJS() as {spec: unknown}).spec);
  t.deepEqual(specs.slice(1, 4), [
    {prefix: 'ROOT', appliedFor: ['CREATE_ON_PUSH'], imageTagMutability: 'IMMUTABLE', deletionPolicy: 'Retain'},
    {upstreamRegistry: 'docker-hub', credentialArn, deletionPolicy: 'Retain'},
    {ecrRepositoryPrefix: 'org/quay', upstreamRegistry: 'quay', deletionPolicy: 'Retain'},
  ]);
  t.like(specs[0], {settingsOwnership: 'Exclusive', settingsDeletionPolicy: 'Retain'});
  const named = await drayage(['import', '--repository', 'a'], {environment: environmentFor(server.url)});
  t.deepEqual(namesIn(named.out), ['Repository a']);
});
