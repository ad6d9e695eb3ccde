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

const onRoles = new Set(['sts:AssumeRole', 'sts:TagSession']);
const limited = [onRepositories, onPublicRepositories, onRoles];

/** The operator's IAM policy, from the actions that it calls. */
export function iamPolicy(actions: readonly string[]): string {
  const distinct = [...new Set(actions)].toSorted();
  const policy = {
    Version: '2012-10-17',
    Statement: [
      ...statement(
        'Repositories',
        distinct.filter((action) => onRepositories.has(action)),
        'arn:aws:ecr:*:*:repository/*',
      ),
      ...statement(
        'PublicRepositories',
        distinct.filter((action) => onPublicRepositories.has(action)),
        'arn:aws:ecr-public::*:repository/*',
      ),
      ...statement(
        'Account',
        distinct.filter((action) => !limited.some((actions) => actions.has(action))),
        '*',
      ),
      // Only for a Registry with roleArn: put the ARNs of your roles here, or leave the statement out.
      ...statement(
        'Roles',
        distinct.filter((action) => onRoles.has(action)),
        'arn:aws:iam::*:role/drayage-*',
      ),
    ],
  };
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}

function statement(Sid: string, Action: readonly string[], Resource: string): readonly object[] {
  return Action.length === 0 ? [] : [{Sid, Effect: 'Allow', Action, Resource}];
}
