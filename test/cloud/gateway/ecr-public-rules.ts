import {invalid} from './answers.ts';
import type {AwsError} from './answers.ts';
import {isObject, lengthRule, nameRule, patternRule, type Rule, sizeRule, tagsError} from './input-rules.ts';
import {textOf} from './message.ts';
import type {Json} from './message.ts';

const ofRepository = ['repositoryName'];
const required: Readonly<Record<string, readonly string[]>> = {
  CreateRepository: ofRepository,
  DeleteRepository: ofRepository,
  DescribeImages: ofRepository,
  GetRepositoryPolicy: ofRepository,
  DeleteRepositoryPolicy: ofRepository,
  SetRepositoryPolicy: ['repositoryName', 'policyText'],
  GetRepositoryCatalogData: ofRepository,
  PutRepositoryCatalogData: ['repositoryName', 'catalogData'],
  PutImage: ['repositoryName', 'imageManifest'],
  BatchDeleteImage: ['repositoryName', 'imageIds'],
  ListTagsForResource: ['resourceArn'],
  TagResource: ['resourceArn', 'tags'],
  UntagResource: ['resourceArn', 'tagKeys'],
};

/** As the API's model has them. */
const rules: Readonly<Record<string, Rule>> = {
  repositoryName: publicNameRule,
  repositoryNames: (value) => sizeRule(1, 100)(value) ?? firstOf(value, publicNameRule),
  maxResults: (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000 ? undefined : 'must be between 1 and 1000',
  policyText: lengthRule(0, 10_240),
  imageManifest: lengthRule(1, 4_194_304),
  imageTag: lengthRule(1, 300),
  imageIds: sizeRule(1, 100),
  resourceArn: patternRule(/^arn:aws:ecr-public::[0-9]{12}:repository\/.+$/),
  tagKeys: (value) => sizeRule(0, 200)(value) ?? firstOf(value, lengthRule(1, 128)),
};

const badge: Rule = (value) => sizeRule(0, 50)(value) ?? firstOf(value, lengthRule(1, 50));
const catalogRules: Readonly<Record<string, Rule>> = {
  description: lengthRule(0, 1024),
  architectures: badge,
  operatingSystems: badge,
  logoImageBlob: logoRule,
  aboutText: lengthRule(0, 25_600),
  usageText: lengthRule(0, 25_600),
};
const mostLogoBytes = 512_000;

/** What ECR Public would refuse in this input before it looks at any state. */
export function publicInputError(operation: string, input: Json, accountId: string): AwsError | undefined {
  const missing = (required[operation] ?? []).find((name) => input[name] === undefined || input[name] === null);
  if (missing !== undefined) return invalid(missing, 'must not be null');
  const {registryId} = input;
  if (registryId !== undefined && registryId !== accountId) return foreignRegistry(textOf(registryId));
  return (
    brokenRule(rules, input, '') ??
    catalogError(input['catalogData']) ??
    (input['tags'] === undefined ? undefined : tagsError(input['tags']))
  );
}

function catalogError(catalog: unknown): AwsError | undefined {
  if (catalog === undefined) return undefined;
  return isObject(catalog) ? brokenRule(catalogRules, catalog, 'catalogData.') : invalid('catalogData', 'must be an object');
}

function brokenRule(given: Readonly<Record<string, Rule>>, input: Json, path: string): AwsError | undefined {
  for (const [name, rule] of Object.entries(given)) {
    const broken = input[name] === undefined ? undefined : rule(input[name]);
    if (broken !== undefined) return invalid(`${path}${name}`, broken);
  }
  return undefined;
}

function foreignRegistry(registryId: string): AwsError | undefined {
  if (!/^[0-9]{12}$/.test(registryId)) return invalid('registryId', "must satisfy regular expression '[0-9]{12}'");
  return {type: 'RegistryNotFoundException', message: `The registry with id '${registryId}' does not exist`};
}

function publicNameRule(value: unknown): string | undefined {
  return nameRule(value) ?? lengthRule(2, 205)(value);
}

function logoRule(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return 'must be base64';
  return Buffer.from(value, 'base64').length > mostLogoBytes ? `must have length less than or equal to ${mostLogoBytes}` : undefined;
}

function firstOf(value: unknown, rule: Rule): string | undefined {
  return (value as readonly unknown[]).map(rule).find((broken) => broken !== undefined);
}
