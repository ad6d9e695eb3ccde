import {invalid} from './answers.ts';
import type {AwsError} from './answers.ts';
import {textOf} from './message.ts';
import type {Json} from './message.ts';

const repositoryName = String.raw`(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*`;
const repositoryPattern = new RegExp(`^${repositoryName}$`);
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const mutabilities = ['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'];

/** How many tags a repository may carry. */
export const tagLimit = 50;

const ofRepository = ['repositoryName'];
const required: Readonly<Record<string, readonly string[]>> = {
  CreateRepository: ofRepository,
  DeleteRepository: ofRepository,
  ListImages: ofRepository,
  DescribeImages: ofRepository,
  GetRepositoryPolicy: ofRepository,
  DeleteRepositoryPolicy: ofRepository,
  GetLifecyclePolicy: ofRepository,
  DeleteLifecyclePolicy: ofRepository,
  StartLifecyclePolicyPreview: ofRepository,
  GetLifecyclePolicyPreview: ofRepository,
  PutLifecyclePolicy: ['repositoryName', 'lifecyclePolicyText'],
  SetRepositoryPolicy: ['repositoryName', 'policyText'],
  PutImageTagMutability: ['repositoryName', 'imageTagMutability'],
  PutImageScanningConfiguration: ['repositoryName', 'imageScanningConfiguration'],
  PutImage: ['repositoryName', 'imageManifest'],
  BatchGetImage: ['repositoryName', 'imageIds'],
  BatchDeleteImage: ['repositoryName', 'imageIds'],
  UpdateImageStorageClass: ['repositoryName', 'imageId', 'targetStorageClass'],
  DescribeImageScanFindings: ['repositoryName', 'imageId'],
  ListTagsForResource: ['resourceArn'],
  TagResource: ['resourceArn', 'tags'],
  UntagResource: ['resourceArn', 'tagKeys'],
};

/** What is wrong with a value; undefined where nothing is. */
export type Rule = (value: unknown) => string | undefined;

const rules: Readonly<Record<string, Rule>> = {
  repositoryName: nameRule,
  repositoryNames: (value) => sizeRule(1, 100)(value) ?? firstOf(value, nameRule),
  registryId: patternRule(/^[0-9]{12}$/),
  maxResults: (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000 ? undefined : 'must be between 1 and 1000',
  imageTagMutability: oneOf(mutabilities),
  imageTagMutabilityExclusionFilters: (value) => sizeRule(1, 5)(value) ?? firstOf(value, filterRule),
  imageScanningConfiguration: (value) => (isObject(value) ? undefined : 'must be an object'),
  encryptionConfiguration: (value) =>
    isObject(value) ? oneOf(['AES256', 'KMS', 'KMS_DSSE'])(value['encryptionType']) : 'must be an object',
  lifecyclePolicyText: lengthRule(100, 30_720),
  policyText: lengthRule(0, 10_240),
  targetStorageClass: oneOf(['STANDARD', 'ARCHIVE']),
  imageTag: lengthRule(1, 300),
  imageManifest: lengthRule(1, 4_194_304),
  imageIds: sizeRule(1, 100),
  resourceArn: patternRule(/^arn:[^:]+:ecr:[^:]+:[0-9]{12}:repository\/.+$/),
};

/** What ECR would refuse in this input before it looks at any state. Only what the API reference states. */
export function inputError(operation: string, input: Json): AwsError | undefined {
  for (const name of required[operation] ?? []) {
    if (input[name] === undefined || input[name] === null) return invalid(name, 'must not be null');
  }
  for (const [name, value] of Object.entries(input)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const broken = value === null ? undefined : rule?.(value);
    if (broken !== undefined) return invalid(name, broken);
  }
  return input['tags'] === undefined ? undefined : tagsError(input['tags']);
}

/** The error of a repository with too many tags. */
export function tooManyTags(): AwsError {
  const message = `The list of tags on the repository is over the limit. The maximum number of tags that can be applied to a repository is ${tagLimit}.`;
  return {type: 'TooManyTagsException', message};
}

/** What is wrong with a list of tags. */
export function tagsError(tags: unknown): AwsError | undefined {
  if (!Array.isArray(tags)) return invalid('tags', 'must be a list');
  const seen = new Set<string>();
  for (const tag of tags as readonly Json[]) {
    const key = tag?.['Key'];
    const value = tag?.['Value'];
    if (typeof key !== 'string' || typeof value !== 'string') return invalidTag('Tag keys and values must not be null');
    if (key.length < 1 || key.length > 128 || !tagCharacters.test(key)) return invalidTag(`Tag key '${key}' is not valid`);
    if (value.length > 256 || !tagCharacters.test(value)) return invalidTag(`The value of tag '${key}' is not valid`);
    if (/^aws:/i.test(key)) return invalidTag(`Tag key '${key}' uses the reserved prefix 'aws:'`);
    if (seen.has(key)) return invalidTag(`Tag key '${key}' is there twice`);
    seen.add(key);
  }
  return seen.size > tagLimit ? tooManyTags() : undefined;
}

function invalidTag(reason: string): AwsError {
  return {type: 'InvalidTagParameterException', message: `Invalid parameter at 'tags' failed to satisfy constraint: '${reason}'`};
}

export function nameRule(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a string';
  return lengthRule(2, 256)(value) ?? (repositoryPattern.test(value) ? undefined : `must satisfy regular expression '${repositoryName}'`);
}

function filterRule(value: unknown): string | undefined {
  if (!isObject(value)) return 'must be an object';
  if (value['filterType'] !== 'WILDCARD') return `filterType must be 'WILDCARD'`;
  const filter = textOf(value['filter']);
  if (!/^[0-9a-zA-Z._*-]{1,128}$/.test(filter)) return 'filter must satisfy regular expression ^[0-9a-zA-Z._*-]{1,128}$';
  return filter.split('*').length > 3 ? 'filter may hold at most two wildcards' : undefined;
}

export function lengthRule(least: number, most: number): Rule {
  return (value) => {
    if (typeof value !== 'string') return 'must be a string';
    if (value.length < least) return `must have length greater than or equal to ${least}`;
    return value.length > most ? `must have length less than or equal to ${most}` : undefined;
  };
}

export function sizeRule(least: number, most: number): Rule {
  return (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most ? undefined : `must have ${least} to ${most} items`;
}

export function patternRule(pattern: RegExp): Rule {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : `must satisfy regular expression '${pattern.source}'`);
}

export function oneOf(values: readonly string[]): Rule {
  return (value) => (values.includes(String(value)) ? undefined : `must be one of ${values.join(', ')}`);
}

function firstOf(value: unknown, rule: Rule): string | undefined {
  return (value as readonly unknown[]).map(rule).find((broken) => broken !== undefined);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
