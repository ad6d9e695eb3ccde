/**
 * The IAM actions that the operator's role needs, sorted. sts:GetCallerIdentity needs no permission and is here because it is
 * called; ecr:TagResource is needed by CreateRepository as well, which sets the tags of ownership.
 */
export const actions = [
  'ecr:CreateRepository',
  'ecr:DeleteLifecyclePolicy',
  'ecr:DeleteRepository',
  'ecr:DeleteRepositoryPolicy',
  'ecr:DescribeImageScanFindings',
  'ecr:DescribeImages',
  'ecr:DescribeRepositories',
  'ecr:GetAuthorizationToken',
  'ecr:GetLifecyclePolicy',
  'ecr:GetRepositoryPolicy',
  'ecr:ListImages',
  'ecr:ListTagsForResource',
  'ecr:PutImageScanningConfiguration',
  'ecr:PutImageTagMutability',
  'ecr:PutLifecyclePolicy',
  'ecr:SetRepositoryPolicy',
  'ecr:TagResource',
  'ecr:UntagResource',
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
  'sts:TagSession',
] as const;
