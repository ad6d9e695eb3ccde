import {errorAnswer, invalid, jsonAnswer} from './answers.ts';
import type {AwsError} from './answers.ts';
import type {Handler, Handlers} from './handler.ts';
import {lengthRule, oneOf, patternRule, type Rule, sizeRule} from './input-rules.ts';
import {textOf} from './message.ts';
import type {Json} from './message.ts';
import {pageOf, pagingError} from './pages.ts';

/** Templates by region and prefix: what moto lacks. */
const regions = new Map<string, Map<string, Json>>();

const prefixPattern = /^((?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*\/?|ROOT)$/;
const mostTemplates = 50;

const rules: Readonly<Record<string, Rule>> = {
  prefix: (value) => lengthRule(1, 256)(value) ?? patternRule(prefixPattern)(value),
  description: lengthRule(0, 256),
  appliedFor: (value) =>
    sizeRule(1, 3)(value) ??
    (value as readonly unknown[])
      .map(oneOf(['REPLICATION', 'PULL_THROUGH_CACHE', 'CREATE_ON_PUSH']))
      .find((broken) => broken !== undefined),
  resourceTags: sizeRule(0, 50),
  repositoryPolicy: lengthRule(0, 10_240),
  lifecyclePolicy: lengthRule(0, 30_720),
  customRoleArn: (value) =>
    lengthRule(0, 2048)(value) ?? (value === '' ? undefined : patternRule(/^arn:[^:]+:iam::\d{12}:role\/.+$/)(value)),
};

const create: Handler = async (_, call, input) => {
  const wrong = inputError(input, ['prefix', 'appliedFor']) ?? documentError(input);
  if (wrong) return errorAnswer(call, wrong);
  const templates = templatesOf(call.region);
  const prefix = prefixOf(input);
  if (templates.has(prefix)) {
    const message = `The repository creation template with prefix '${prefix}' already exists in the registry with id '123456789012'`;
    return errorAnswer(call, {type: 'TemplateAlreadyExistsException', message});
  }
  if (templates.size >= mostTemplates) {
    return errorAnswer(call, {type: 'LimitExceededException', message: `The limit of ${mostTemplates} templates in a registry is reached`});
  }
  const now = Date.now() / 1000;
  const template = {imageTagMutability: 'MUTABLE', ...settled(input), prefix, createdAt: now, updatedAt: now};
  const broken = dependencyError(template);
  if (broken) return errorAnswer(call, broken);
  templates.set(prefix, template);
  return jsonAnswer({registryId: '123456789012', repositoryCreationTemplate: template});
};

const update: Handler = async (_, call, input) => {
  const wrong = inputError(input, ['prefix']) ?? documentError(input);
  if (wrong) return errorAnswer(call, wrong);
  const templates = templatesOf(call.region);
  const before = templates.get(prefixOf(input));
  if (!before) return errorAnswer(call, notFound(prefixOf(input)));
  // Members that are left out stay; filters belong to their mode.
  const {imageTagMutabilityExclusionFilters: _filters, ...rest} = before;
  const kept = input['imageTagMutability'] === undefined ? before : rest;
  const template = settled({...kept, ...input, prefix: prefixOf(input), updatedAt: Date.now() / 1000});
  const broken = dependencyError(template);
  if (broken) return errorAnswer(call, broken);
  templates.set(prefixOf(input), template);
  return jsonAnswer({registryId: '123456789012', repositoryCreationTemplate: template});
};

const describe: Handler = async (_, call, input) => {
  const wrong = pagingError(call.operation, input);
  if (wrong) return errorAnswer(call, wrong);
  const prefixes = input['prefixes'] as readonly string[] | undefined;
  const all = [...templatesOf(call.region).values()];
  const chosen = prefixes === undefined ? all : all.filter((template) => prefixes.includes(String(template['prefix'])));
  const {value, error} = pageOf(call.operation, input, {registryId: '123456789012', repositoryCreationTemplates: chosen});
  return error ? errorAnswer(call, error) : jsonAnswer(value);
};

const remove: Handler = async (_, call, input) => {
  const wrong = inputError(input, ['prefix']);
  if (wrong) return errorAnswer(call, wrong);
  const templates = templatesOf(call.region);
  const template = templates.get(prefixOf(input));
  if (!template) return errorAnswer(call, notFound(prefixOf(input)));
  templates.delete(prefixOf(input));
  return jsonAnswer({registryId: '123456789012', repositoryCreationTemplate: template});
};

export const repositoryTemplateHandlers: Handlers = {
  CreateRepositoryCreationTemplate: create,
  UpdateRepositoryCreationTemplate: update,
  DescribeRepositoryCreationTemplates: describe,
  DeleteRepositoryCreationTemplate: remove,
};

function templatesOf(region: string): Map<string, Json> {
  const known = regions.get(region) ?? new Map<string, Json>();
  regions.set(region, known);
  return known;
}

function prefixOf(input: Json): string {
  return textOf(input['prefix']).replace(/\/$/, '');
}

/** What was sent empty is not set. */
function settled(input: Json): Json {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0)));
}

function inputError(input: Json, required: readonly string[]): AwsError | undefined {
  const missing = required.find((name) => input[name] === undefined || input[name] === null);
  if (missing !== undefined) return invalid(missing, 'must not be null');
  for (const [name, rule] of Object.entries(rules)) {
    const broken = input[name] === undefined ? undefined : rule(input[name]);
    if (broken !== undefined) return invalid(name, broken);
  }
  return undefined;
}

function documentError(input: Json): AwsError | undefined {
  return ['repositoryPolicy', 'lifecyclePolicy'].map((name) => notJson(name, textOf(input[name]))).find((error) => error !== undefined);
}

function notJson(name: string, text: string): AwsError | undefined {
  if (text === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return invalid(name, 'must be a valid JSON document');
  }
}

/** ECR tags and encrypts with the role of the template. */
function dependencyError(template: Json): AwsError | undefined {
  const {encryptionType} = (template['encryptionConfiguration'] ?? {}) as {readonly encryptionType?: string};
  const needsRole = template['resourceTags'] !== undefined || (encryptionType !== undefined && encryptionType !== 'AES256');
  if (!needsRole || template['customRoleArn'] !== undefined) return undefined;
  return invalid('customRoleArn', 'must be provided with resourceTags or KMS encryption');
}

function notFound(prefix: string): AwsError {
  const message = `The Template with prefix '${prefix}' does not exist in the registry with id '123456789012'`;
  return {type: 'TemplateNotFoundException', message};
}
