import {errorAnswer, invalid, jsonAnswer} from './answers.ts';
import type {AwsError} from './answers.ts';
import type {Context} from './context.ts';
import type {Handler, Handlers} from './handler.ts';
import {lengthRule, oneOf, patternRule, type Rule} from './input-rules.ts';
import {parseObject, textOf} from './message.ts';
import type {Json} from './message.ts';
import {pageOf, pagingError} from './pages.ts';

/** Rules by region and prefix: what moto lacks. */
const regions = new Map<string, Map<string, Json>>();

const mostRules = 50;
const prefixPattern = /^((?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*\/?|ROOT)$/;

/** The host of each upstream that AWS supports, and whether it asks for credentials. */
const upstreams: Readonly<Record<string, {readonly host: RegExp; readonly asks: boolean}>> = {
  ecr: {host: /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/, asks: false},
  'ecr-public': {host: /^public\.ecr\.aws$/, asks: false},
  quay: {host: /^quay\.io$/, asks: false},
  k8s: {host: /^registry\.k8s\.io$/, asks: false},
  'docker-hub': {host: /^registry-1\.docker\.io$/, asks: true},
  'github-container-registry': {host: /^ghcr\.io$/, asks: true},
  'gitlab-container-registry': {host: /^registry\.gitlab\.com$/, asks: true},
  'azure-container-registry': {host: /^[a-zA-Z0-9]+\.azurecr\.io$/, asks: true},
  chainguard: {host: /^cgr\.dev$/, asks: true},
};

const rules: Readonly<Record<string, Rule>> = {
  ecrRepositoryPrefix: (value) => lengthRule(2, 30)(value) ?? patternRule(prefixPattern)(value),
  upstreamRepositoryPrefix: (value) => lengthRule(1, 256)(value) ?? patternRule(prefixPattern)(value),
  upstreamRegistry: oneOf(Object.keys(upstreams)),
  upstreamRegistryUrl: lengthRule(1, 256),
  credentialArn: (value) =>
    lengthRule(50, 612)(value) ??
    patternRule(/^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:ecr-pullthroughcache\/[a-zA-Z0-9/_+=.@-]+$/)(value),
  customRoleArn: patternRule(/^arn:[^:]+:iam::\d{12}:role\/.+$/),
};

const create: Handler = async (context, call, input) => {
  const wrong = inputError(input, ['ecrRepositoryPrefix', 'upstreamRegistryUrl']) ?? upstreamError(context, input);
  if (wrong) return errorAnswer(call, wrong);
  const held = rulesOf(call.region);
  const prefix = prefixOf(input);
  if (held.has(prefix)) {
    const message = `The pull through cache rule with ecrRepositoryPrefix '${prefix}' already exists in the registry with id '${context.config.accountId}'`;
    return errorAnswer(call, {type: 'PullThroughCacheRuleAlreadyExistsException', message});
  }
  if (held.size >= mostRules) {
    return errorAnswer(call, {type: 'LimitExceededException', message: `The limit of ${mostRules} rules in a registry is reached`});
  }
  const {registryId: _, ...given} = input;
  const now = Date.now() / 1000;
  const upstreamRegistry = nameOfUpstream(input);
  const rule = {upstreamRepositoryPrefix: 'ROOT', ...given, upstreamRegistry, ecrRepositoryPrefix: prefix, createdAt: now, updatedAt: now};
  held.set(prefix, rule);
  return jsonAnswer({...rule, registryId: context.config.accountId});
};

const update: Handler = async (context, call, input) => {
  const wrong = inputError(input, ['ecrRepositoryPrefix']) ?? secretError(context, input);
  if (wrong) return errorAnswer(call, wrong);
  const held = rulesOf(call.region);
  const before = held.get(prefixOf(input));
  if (!before) return errorAnswer(call, notFound(context, input));
  const rule = {
    ...before,
    ...(input['credentialArn'] !== undefined && {credentialArn: input['credentialArn']}),
    ...(input['customRoleArn'] !== undefined && {customRoleArn: input['customRoleArn']}),
    updatedAt: Date.now() / 1000,
  };
  held.set(prefixOf(input), rule);
  return jsonAnswer({...rule, registryId: context.config.accountId});
};

const describe: Handler = async (context, call, input) => {
  const wrong = pagingError(call.operation, input);
  if (wrong) return errorAnswer(call, wrong);
  const prefixes = input['ecrRepositoryPrefixes'] as readonly string[] | undefined;
  const held = rulesOf(call.region);
  const missing = prefixes?.find((prefix) => !held.has(prefix));
  if (missing !== undefined) return errorAnswer(call, notFound(context, {ecrRepositoryPrefix: missing}));
  const all = [...held.values()].map((rule) => ({...rule, registryId: context.config.accountId}));
  const chosen = prefixes === undefined ? all : all.filter((rule) => prefixes.includes(textOf((rule as Json)['ecrRepositoryPrefix'])));
  const {value, error} = pageOf(call.operation, input, {pullThroughCacheRules: chosen});
  return error ? errorAnswer(call, error) : jsonAnswer(value);
};

const remove: Handler = async (context, call, input) => {
  const wrong = inputError(input, ['ecrRepositoryPrefix']);
  if (wrong) return errorAnswer(call, wrong);
  const held = rulesOf(call.region);
  const rule = held.get(prefixOf(input));
  if (!rule) return errorAnswer(call, notFound(context, input));
  held.delete(prefixOf(input));
  return jsonAnswer({...rule, registryId: context.config.accountId});
};

/** The upstreams of this cloud let everyone in whose accessToken does not begin with `expired`. */
const validate: Handler = async (context, call, input) => {
  const wrong = inputError(input, ['ecrRepositoryPrefix']);
  if (wrong) return errorAnswer(call, wrong);
  const rule = rulesOf(call.region).get(prefixOf(input));
  if (!rule) return errorAnswer(call, notFound(context, input));
  const failure = failureOf(context, rule);
  const {createdAt: _, updatedAt: __, upstreamRegistry: ___, ...told} = rule;
  return jsonAnswer({
    ...told,
    registryId: context.config.accountId,
    isValid: failure === undefined,
    ...(failure !== undefined && {failure}),
  });
};

export const pullThroughCacheHandlers: Handlers = {
  CreatePullThroughCacheRule: create,
  UpdatePullThroughCacheRule: update,
  DescribePullThroughCacheRules: describe,
  DeletePullThroughCacheRule: remove,
  ValidatePullThroughCacheRule: validate,
};

function rulesOf(region: string): Map<string, Json> {
  const known = regions.get(region) ?? new Map<string, Json>();
  regions.set(region, known);
  return known;
}

function prefixOf(input: Json): string {
  return textOf(input['ecrRepositoryPrefix']).replace(/\/$/, '');
}

function nameOfUpstream(input: Json): string | undefined {
  const given = input['upstreamRegistry'];
  if (typeof given === 'string') return given;
  const host = textOf(input['upstreamRegistryUrl']).replace(/^https:\/\//, '');
  return Object.keys(upstreams).find((name) => upstreams[name]?.host.test(host));
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

function upstreamError(context: Context, input: Json): AwsError | undefined {
  const name = nameOfUpstream(input);
  const upstream = name === undefined ? undefined : upstreams[name];
  const host = textOf(input['upstreamRegistryUrl']).replace(/^https:\/\//, '');
  if (!upstream || !upstream.host.test(host)) {
    const message = `The specified upstream registry URL '${host}' is not supported`;
    return {type: 'UnsupportedUpstreamRegistryException', message};
  }
  if (upstream.asks && input['credentialArn'] === undefined) return invalid('credentialArn', 'must be provided for this upstream registry');
  return secretError(context, input);
}

function secretError({secrets}: Context, input: Json): AwsError | undefined {
  const arn = input['credentialArn'];
  if (typeof arn !== 'string' || secrets.valueOf(arn) !== undefined) return undefined;
  return {type: 'SecretNotFoundException', message: `The ARN of the secret specified in the pull through cache rule was not found: ${arn}`};
}

function failureOf({secrets}: Context, rule: Json): string | undefined {
  const arn = rule['credentialArn'];
  if (typeof arn !== 'string') return undefined;
  const value = secrets.valueOf(arn);
  if (value === undefined) return 'The secret cannot be found';
  const {username, accessToken} = parseObject(value) ?? {};
  if (typeof username !== 'string' || typeof accessToken !== 'string') return 'The secret must hold username and accessToken';
  return accessToken.startsWith('expired') ? 'Authentication to the upstream registry failed' : undefined;
}

function notFound({config}: Context, input: Json): AwsError {
  const message = `The pull through cache rule with ecrRepositoryPrefix '${prefixOf(input)}' does not exist in the registry with id '${config.accountId}'`;
  return {type: 'PullThroughCacheRuleNotFoundException', message};
}
