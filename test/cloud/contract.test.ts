import * as ecr from '@aws-sdk/client-ecr';
import test from 'ava';
import type {Cloud} from './start.ts';
import {startCloud} from './start.ts';

let cloud: Cloud;
let moto: ecr.ECRClient;

test.before(async () => {
  cloud = await startCloud();
  moto = new ecr.ECRClient({endpoint: cloud.moto, region: cloud.region, credentials: cloud.rootCredentials, maxAttempts: 1});
});

test.after.always(() => cloud?.stop());

type Call = (client: ecr.ECRClient, repositoryName: string) => Promise<unknown>;

const lifecyclePolicyText = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: {tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14},
      action: {type: 'expire'},
    },
  ],
});
const policyText = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{Sid: 'Pull', Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage']}],
});
const arn = (name: string) => `arn:aws:ecr:us-east-1:123456789012:repository/${name}`;

/** The life of a repository, in order, with the errors on the way: what the gateway passes on, it must not change. */
const calls: Readonly<Record<string, Call>> = {
  'GetRepositoryPolicy of none': (c, repositoryName) => c.send(new ecr.GetRepositoryPolicyCommand({repositoryName})),
  CreateRepository: (c, repositoryName) => c.send(new ecr.CreateRepositoryCommand({repositoryName, tags: [{Key: 'team', Value: 'a b'}]})),
  'CreateRepository again': (c, repositoryName) => c.send(new ecr.CreateRepositoryCommand({repositoryName})),
  'CreateRepository of a bad name': (c) => c.send(new ecr.CreateRepositoryCommand({repositoryName: 'Not_Valid'})),
  'DescribeRepositories by name': (c, name) => c.send(new ecr.DescribeRepositoriesCommand({repositoryNames: [name]})),
  'DescribeRepositories with one that is missing': (c, name) =>
    c.send(new ecr.DescribeRepositoriesCommand({repositoryNames: [name, 'missing']})),
  PutImageScanningConfiguration: (c, repositoryName) =>
    c.send(new ecr.PutImageScanningConfigurationCommand({repositoryName, imageScanningConfiguration: {scanOnPush: true}})),
  PutImageTagMutability: (c, repositoryName) =>
    c.send(new ecr.PutImageTagMutabilityCommand({repositoryName, imageTagMutability: 'IMMUTABLE'})),
  'GetLifecyclePolicy of none': (c, repositoryName) => c.send(new ecr.GetLifecyclePolicyCommand({repositoryName})),
  PutLifecyclePolicy: (c, repositoryName) => c.send(new ecr.PutLifecyclePolicyCommand({repositoryName, lifecyclePolicyText})),
  'PutLifecyclePolicy that is none': (c, repositoryName) =>
    c.send(new ecr.PutLifecyclePolicyCommand({repositoryName, lifecyclePolicyText: JSON.stringify({pad: 'x'.repeat(100)})})),
  'GetRepositoryPolicy of no policy': (c, repositoryName) => c.send(new ecr.GetRepositoryPolicyCommand({repositoryName})),
  SetRepositoryPolicy: (c, repositoryName) => c.send(new ecr.SetRepositoryPolicyCommand({repositoryName, policyText})),
  'SetRepositoryPolicy that is no JSON': (c, repositoryName) =>
    c.send(new ecr.SetRepositoryPolicyCommand({repositoryName, policyText: '{'})),
  GetRepositoryPolicy: (c, repositoryName) => c.send(new ecr.GetRepositoryPolicyCommand({repositoryName})),
  TagResource: (c, name) => c.send(new ecr.TagResourceCommand({resourceArn: arn(name), tags: [{Key: 'more', Value: ''}]})),
  UntagResource: (c, name) => c.send(new ecr.UntagResourceCommand({resourceArn: arn(name), tagKeys: ['team']})),
  ListTagsForResource: (c, name) => c.send(new ecr.ListTagsForResourceCommand({resourceArn: arn(name)})),
  'ListTagsForResource of none': (c) => c.send(new ecr.ListTagsForResourceCommand({resourceArn: arn('missing')})),
  'ListImages of none': (c, repositoryName) => c.send(new ecr.ListImagesCommand({repositoryName})),
  'DescribeImages of a missing one': (c, repositoryName) =>
    c.send(new ecr.DescribeImagesCommand({repositoryName, imageIds: [{imageTag: 'v1'}]})),
  DeleteRepositoryPolicy: (c, repositoryName) => c.send(new ecr.DeleteRepositoryPolicyCommand({repositoryName})),
  'GetRegistryPolicy of none': (c) => c.send(new ecr.GetRegistryPolicyCommand({})),
  PutRegistryScanningConfiguration: (c) =>
    c.send(
      new ecr.PutRegistryScanningConfigurationCommand({
        scanType: 'ENHANCED',
        rules: [{scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{filter: '*', filterType: 'WILDCARD'}]}],
      }),
    ),
  GetRegistryScanningConfiguration: (c) => c.send(new ecr.GetRegistryScanningConfigurationCommand({})),
  PutReplicationConfiguration: (c) =>
    c.send(
      new ecr.PutReplicationConfigurationCommand({
        replicationConfiguration: {rules: [{destinations: [{region: 'eu-west-1', registryId: '123456789012'}]}]},
      }),
    ),
  DescribeRegistry: (c) => c.send(new ecr.DescribeRegistryCommand({})),
  DeleteRepository: (c, repositoryName) => c.send(new ecr.DeleteRepositoryCommand({repositoryName})),
  'DeleteRepository again': (c, repositoryName) => c.send(new ecr.DeleteRepositoryCommand({repositoryName})),
};

// Names of equal length, so that only the name itself and times differ.
async function told(call: Call, client: ecr.ECRClient, name: string): Promise<string> {
  const clean = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(name, 'NAME')
      .replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"TIME"');
  try {
    const {$metadata: _, ...answer} = (await call(client, name)) as {readonly $metadata: unknown};
    return clean(answer);
  } catch (error) {
    const {name: type, message} = error as Error;
    return clean({type, message});
  }
}

test.serial('what moto knows, the gateway says in the same words', async (t) => {
  for (const [title, call] of Object.entries(calls)) {
    const [direct, through] = [await told(call, moto, 'direct/app'), await told(call, cloud.ecr, 'passed/app')];
    // The gateway refuses a bad name first, with the pattern that the API reference gives; and moto adds a field that the API has not.
    if (title === 'CreateRepository of a bad name')
      t.regex(through, /InvalidParameterException.*'repositoryName'.*must satisfy regular expression/);
    else t.is(through, direct, title);
  }
});

test.serial('repositories and images come in pages', async (t) => {
  for (let i = 0; i < 5; i += 1) await cloud.ecr.send(new ecr.CreateRepositoryCommand({repositoryName: `page/${i}`}));
  const sizes: number[] = [];
  const names: string[] = [];
  const pages = ecr.paginateDescribeRepositories({client: cloud.ecr, pageSize: 2}, {});
  for await (const {repositories = []} of pages) {
    sizes.push(repositories.length);
    names.push(...repositories.map(({repositoryName}) => repositoryName ?? ''));
  }
  t.deepEqual(sizes, [2, 2, 1]);
  t.deepEqual(names, ['page/0', 'page/1', 'page/2', 'page/3', 'page/4']);
  for (let i = 0; i < 3; i += 1) {
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      layers: [],
      annotations: {i: `${i}`},
    });
    await cloud.ecr.send(new ecr.PutImageCommand({repositoryName: 'page/0', imageTag: `v${i}`, imageManifest}));
  }
  const first = await cloud.ecr.send(new ecr.ListImagesCommand({repositoryName: 'page/0', maxResults: 2}));
  const second = await cloud.ecr.send(new ecr.ListImagesCommand({repositoryName: 'page/0', maxResults: 2, nextToken: first.nextToken}));
  t.is(second.nextToken, undefined);
  t.deepEqual([...(first.imageIds ?? []), ...(second.imageIds ?? [])].map(({imageTag}) => imageTag ?? '').toSorted(), ['v0', 'v1', 'v2']);
});

const tags = (from: number, to: number) => Array.from({length: to - from}, (_, i) => ({Key: `k${from + i}`, Value: ''}));

const refused: Readonly<Record<string, {readonly call: Call; readonly type: string}>> = {
  'a name of one letter': {type: 'InvalidParameterException', call: (c) => c.send(new ecr.CreateRepositoryCommand({repositoryName: 'a'}))},
  'no name': {type: 'InvalidParameterException', call: (c) => c.send(new ecr.CreateRepositoryCommand({repositoryName: undefined}))},
  'an unknown mutability': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.CreateRepositoryCommand({repositoryName: 'ab', imageTagMutability: 'SOMETIMES' as 'MUTABLE'})),
  },
  'more than 100 names': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.DescribeRepositoriesCommand({repositoryNames: Array.from({length: 101}, (_, i) => `r${i}`)})),
  },
  'a page of names': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.DescribeRepositoriesCommand({repositoryNames: ['ab'], maxResults: 1})),
  },
  'a page of 1001': {type: 'InvalidParameterException', call: (c) => c.send(new ecr.DescribeRepositoriesCommand({maxResults: 1001}))},
  'a page token of its own making': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.DescribeRepositoriesCommand({nextToken: 'x'})),
  },
  'a reserved tag': {
    type: 'InvalidTagParameterException',
    call: (c) => c.send(new ecr.CreateRepositoryCommand({repositoryName: 'ab', tags: [{Key: 'aws:x', Value: ''}]})),
  },
  '51 tags': {
    type: 'TooManyTagsException',
    call: (c) => c.send(new ecr.CreateRepositoryCommand({repositoryName: 'ab', tags: tags(0, 51)})),
  },
  '51 tags in two calls': {
    type: 'TooManyTagsException',
    call: async (c) => {
      await c.send(new ecr.TagResourceCommand({resourceArn: arn('page/1'), tags: tags(0, 50)}));
      return c.send(new ecr.TagResourceCommand({resourceArn: arn('page/1'), tags: tags(49, 51)}));
    },
  },
  'a digest that is another': {
    type: 'ImageDigestDoesNotMatchException',
    call: (c) => c.send(new ecr.PutImageCommand({repositoryName: 'page/1', imageManifest: '{}', imageDigest: `sha256:${'0'.repeat(64)}`})),
  },
  'an operation that neither has': {
    type: 'InvalidAction',
    call: (c) => c.send(new ecr.DescribeImageSigningStatusCommand({repositoryName: 'page/1', imageId: {imageTag: 'v1'}})),
  },
  'a rule for an upstream that it does not know': {
    type: 'UnsupportedUpstreamRegistryException',
    call: (c) => c.send(new ecr.CreatePullThroughCacheRuleCommand({ecrRepositoryPrefix: 'ab', upstreamRegistryUrl: 'example.com'})),
  },
  'a rule whose prefix is too long': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.CreatePullThroughCacheRuleCommand({ecrRepositoryPrefix: 'a'.repeat(31), upstreamRegistryUrl: 'quay.io'})),
  },
  'a rule that needs credentials and has none': {
    type: 'InvalidParameterException',
    call: (c) =>
      c.send(new ecr.CreatePullThroughCacheRuleCommand({ecrRepositoryPrefix: 'hub', upstreamRegistryUrl: 'registry-1.docker.io'})),
  },
  'a rule with a secret that is not there': {
    type: 'SecretNotFoundException',
    call: (c) =>
      c.send(
        new ecr.CreatePullThroughCacheRuleCommand({
          ecrRepositoryPrefix: 'hub',
          upstreamRegistryUrl: 'registry-1.docker.io',
          credentialArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/none-AbCdEf',
        }),
      ),
  },
  'the same rule again': {
    type: 'PullThroughCacheRuleAlreadyExistsException',
    call: async (c) => {
      await c.send(new ecr.CreatePullThroughCacheRuleCommand({ecrRepositoryPrefix: 'twice', upstreamRegistryUrl: 'quay.io'}));
      return c.send(new ecr.CreatePullThroughCacheRuleCommand({ecrRepositoryPrefix: 'twice', upstreamRegistryUrl: 'quay.io'}));
    },
  },
  'a rule that is not there': {
    type: 'PullThroughCacheRuleNotFoundException',
    call: (c) => c.send(new ecr.ValidatePullThroughCacheRuleCommand({ecrRepositoryPrefix: 'nothing'})),
  },
  'the same template again': {
    type: 'TemplateAlreadyExistsException',
    call: async (c) => {
      await c.send(new ecr.CreateRepositoryCreationTemplateCommand({prefix: 'twice', appliedFor: ['REPLICATION']}));
      return c.send(new ecr.CreateRepositoryCreationTemplateCommand({prefix: 'twice', appliedFor: ['REPLICATION']}));
    },
  },
  'a template that is not there': {
    type: 'TemplateNotFoundException',
    call: (c) => c.send(new ecr.UpdateRepositoryCreationTemplateCommand({prefix: 'nothing'})),
  },
  'a template for nothing that ECR does': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.CreateRepositoryCreationTemplateCommand({prefix: 'odd', appliedFor: ['BREAKFAST' as 'REPLICATION']})),
  },
  'tags in a template without a role': {
    type: 'InvalidParameterException',
    call: (c) =>
      c.send(
        new ecr.CreateRepositoryCreationTemplateCommand({
          prefix: 'odd',
          appliedFor: ['REPLICATION'],
          resourceTags: [{Key: 'a', Value: 'b'}],
        }),
      ),
  },
  'a setting that an account does not have': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.PutAccountSettingCommand({name: 'COLOUR', value: 'BLUE'})),
  },
  'a value that a setting cannot have': {
    type: 'InvalidParameterException',
    call: (c) => c.send(new ecr.PutAccountSettingCommand({name: 'REGISTRY_POLICY_SCOPE', value: 'V1'})),
  },
  'a signing configuration that is not there': {
    type: 'SigningConfigurationNotFoundException',
    call: (c) => c.send(new ecr.GetSigningConfigurationCommand({})),
  },
  'an exclusion that is not there': {
    type: 'ExclusionNotFoundException',
    call: (c) => c.send(new ecr.DeregisterPullTimeUpdateExclusionCommand({principalArn: 'arn:aws:iam::123456789012:role/none'})),
  },
};

for (const [title, {call, type}] of Object.entries(refused)) {
  test.serial(`ECR's answer to ${title} is ${type}`, async (t) => {
    await t.throwsAsync(call(cloud.ecr, ''), {name: type});
  });
}
