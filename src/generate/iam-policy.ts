/**
 * ECR actions that IAM can limit to a repository; all others take `*` only.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
const onRepositories = new Set(
  [
    'BatchCheckLayerAvailability',
    'BatchDeleteImage',
    'BatchGetImage',
    'BatchGetRepositoryScanningConfiguration',
    'CreateRepository',
    'DeleteLifecyclePolicy',
    'DeleteRepository',
    'DeleteRepositoryPolicy',
    'DescribeImages',
    'DescribeImageScanFindings',
    'DescribeRepositories',
    'GetDownloadUrlForLayer',
    'GetLifecyclePolicy',
    'GetLifecyclePolicyPreview',
    'GetRepositoryPolicy',
    'ListImages',
    'ListTagsForResource',
    'PutImageScanningConfiguration',
    'PutImageTagMutability',
    'PutLifecyclePolicy',
    'SetRepositoryPolicy',
    'StartImageScan',
    'StartLifecyclePolicyPreview',
    'TagResource',
    'UntagResource',
  ].map((action) => `ecr:${action}`),
);

/**
 * The same of ECR Public.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html
 */
const onPublicRepositories = new Set(
  [
    'BatchCheckLayerAvailability',
    'BatchDeleteImage',
    'CreateRepository',
    'DeleteRepository',
    'DeleteRepositoryPolicy',
    'DescribeImages',
    'DescribeImageTags',
    'DescribeRepositories',
    'GetRepositoryCatalogData',
    'GetRepositoryPolicy',
    'ListTagsForResource',
    'PutRepositoryCatalogData',
    'SetRepositoryPolicy',
    'TagResource',
    'UntagResource',
  ].map((action) => `ecr-public:${action}`),
);

/** What the actions are about; all others take `*` only. The first that fits an action has it. */
const scopes: readonly {readonly sid: string; readonly has: (action: string) => boolean; readonly resource: string}[] = [
  {sid: 'Repositories', has: (action) => onRepositories.has(action), resource: 'arn:aws:ecr:*:*:repository/*'},
  {sid: 'PublicRepositories', has: (action) => onPublicRepositories.has(action), resource: 'arn:aws:ecr-public::*:repository/*'},
  // Only for task definitions with secrets, environmentFiles or repositoryCredentials: put what they name here (and
  // kms:Decrypt on the keys, where they are your own), or leave the statements out.
  {
    sid: 'TaskSecrets',
    has: (action) => action === 'secretsmanager:GetSecretValue',
    resource: 'arn:aws:secretsmanager:*:*:secret:drayage/*',
  },
  {sid: 'TaskParameters', has: (action) => action === 'ssm:GetParameters', resource: 'arn:aws:ssm:*:*:parameter/drayage/*'},
  {sid: 'TaskFiles', has: (action) => action === 's3:GetObject', resource: 'arn:aws:s3:::drayage-*/*'},
  // Only for a PullThroughCache with credentialSecretRef.
  {
    sid: 'UpstreamCredentials',
    has: (action) => action.startsWith('secretsmanager:'),
    resource: 'arn:aws:secretsmanager:*:*:secret:ecr-pullthroughcache/*',
  },
  // Only for a Registry with roleArn: put the ARNs of your roles here, or leave the statement out.
  {sid: 'Roles', has: (action) => action === 'sts:AssumeRole' || action === 'sts:TagSession', resource: 'arn:aws:iam::*:role/drayage-*'},
  {sid: 'Account', has: () => true, resource: '*'},
];

/** The operator's IAM policy, from the actions that it calls. */
export function iamPolicy(actions: readonly string[]): string {
  const byScope = Map.groupBy([...new Set(actions)].toSorted(), (action) => scopes.find(({has}) => has(action)));
  const statements = scopes.flatMap((scope) => {
    const own = byScope.get(scope) ?? [];
    return own.length === 0 ? [] : [{Sid: scope.sid, Effect: 'Allow', Action: own, Resource: scope.resource}];
  });
  return `${JSON.stringify({Version: '2012-10-17', Statement: statements}, undefined, 2)}\n`;
}
