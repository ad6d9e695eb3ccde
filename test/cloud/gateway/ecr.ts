import {errorAnswer, jsonAnswer} from './answers.ts';
import {registryHost} from './context.ts';
import type {Context} from './context.ts';
import {refusal} from './enforce.ts';
import type {Handlers} from './handler.ts';
import {imageHandlers} from './image-handlers.ts';
import {inputError, tagLimit, tooManyTags} from './input-rules.ts';
import {lifecyclePreviewHandlers} from './lifecycle-preview.ts';
import {inputOf, textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';
import {outcomeOf} from './moto.ts';
import type {Outcome} from './moto.ts';
import {paged, pageOf, pagingError} from './pages.ts';
import {pullThroughCacheHandlers} from './pull-through-cache.ts';
import {registrySettingsHandlers} from './registry-settings.ts';
import {replicationBackfillHandlers} from './replication-backfill.ts';
import {lockOut} from './repository-policy.ts';
import {repositoryTemplateHandlers} from './repository-templates.ts';

/** Where the gateway does more than let moto answer. */
const handlers: Handlers = {
  ...imageHandlers,
  ...lifecyclePreviewHandlers,
  ...registrySettingsHandlers,
  ...replicationBackfillHandlers,
  ...repositoryTemplateHandlers,
  ...pullThroughCacheHandlers,
  GetAuthorizationToken: getAuthorizationToken,
  DescribeRepositories: list,
  ListImages: list,
  DescribeImages: list,
  PutImage: putImage,
  BatchDeleteImage: batchDeleteImage,
  DeleteRepository: deleteRepository,
  TagResource: tagResource,
  PutImageTagMutability: putImageTagMutability,
};

/** ECR's answer to a call: refused as IAM says, then checked as the API reference says, then answered from moto's state. */
export async function answerEcr(context: Context, call: AwsCall): Promise<Reply> {
  // Before ministack sees it, which would keep the policy and hold the caller to it.
  const locked = lockOut(call);
  if (locked) return errorAnswer(call, locked);
  const refused = context.config.enforce ? await refusal(context.ministack, call) : undefined;
  if (refused) return refused;
  const input = inputOf(call);
  if (!input) return errorAnswer(call, {type: 'SerializationException', message: 'The request body is not a JSON object'});
  const wrong = inputError(call.operation, input) ?? pagingError(call.operation, input);
  if (wrong) return errorAnswer(call, wrong);
  const handler = Object.hasOwn(handlers, call.operation) ? handlers[call.operation] : undefined;
  return handler ? handler(context, call, input) : context.moto.forward(call);
}

async function getAuthorizationToken({config, tokens}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const accounts = (input['registryIds'] as readonly string[] | undefined) ?? [config.accountId];
  const authorizationData = accounts.map((account) => {
    const {password, expiresAt} = tokens.issue(call.accessKeyId);
    return {
      authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
      expiresAt: expiresAt.getTime() / 1000,
      proxyEndpoint: `https://${registryHost(account, call.region)}`,
    };
  });
  return jsonAnswer({authorizationData});
}

async function list({moto, images}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const {maxResults: _, nextToken: __, ...whole} = input;
  const reply = await moto.forward(call, whole);
  const {value, error} = outcomeOf(reply);
  if (error) return reply;
  // DescribeRepositories has no `failures` in the API.
  const {failures: ___, ...rest} = value;
  const name = paged[call.operation]?.list ?? '';
  const items = (rest[name] ?? []) as readonly Json[];
  if (call.operation === 'DescribeRepositories') return answerOf(call, pageOf(call.operation, input, {...rest, [name]: items}));
  const repositoryName = textOf(input['repositoryName']);
  const told = items
    .filter((item) => matches(input, item, images.storage.statusOf(repositoryName, textOf(item['imageDigest']))))
    .map((item) => (call.operation === 'DescribeImages' ? described(images, repositoryName, item) : item));
  return answerOf(call, pageOf(call.operation, input, {...rest, [name]: told}));
}

/** Of ListImages or DescribeImages. Images that are asked for one by one are told whatever their status. */
function matches(input: Json, item: Json, status: string): boolean {
  const {tagStatus = 'ANY', imageStatus = input['imageIds'] === undefined ? 'ACTIVE' : 'ANY'} = (input['filter'] ?? {}) as Json;
  const isTagged = [item['imageTag'], item['imageTags']].some((tag) => tag !== undefined && tag !== null);
  return (imageStatus === 'ANY' || imageStatus === status) && (tagStatus === 'ANY' || isTagged === (tagStatus === 'TAGGED'));
}

function described(images: Context['images'], repositoryName: string, item: Json): Json {
  const digest = textOf(item['imageDigest']);
  return {...item, ...images.factsOf(digest), ...images.storage.factsOf(repositoryName, digest)};
}

async function putImage({images}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const text = (name: string) => input[name] as string | undefined;
  const [mediaType, tag, digest] = [text('imageManifestMediaType'), text('imageTag'), text('imageDigest')];
  const put = await images.put(call.region, {
    repositoryName: textOf(input['repositoryName']),
    manifest: textOf(input['imageManifest']),
    ...(mediaType !== undefined && {mediaType}),
    ...(tag !== undefined && {tag}),
    ...(digest !== undefined && {digest}),
  });
  return answerOf(call, put);
}

async function batchDeleteImage({moto, images}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const reply = await moto.forward(call);
  const {value, error} = outcomeOf(reply);
  if (error) return reply;
  const repositoryName = textOf(input['repositoryName']);
  const left = new Set(await images.digests(call.region, repositoryName));
  const gone = ((value['imageIds'] ?? []) as readonly Json[]).map((id) =>
    String(left.has(String(id['imageDigest'])) ? id['imageTag'] : id['imageDigest']),
  );
  await images.removeFromRegistry(repositoryName, [...new Set(gone)]);
  return reply;
}

async function deleteRepository({moto, images}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const repositoryName = textOf(input['repositoryName']);
  const digests = input['force'] === true ? await images.digests(call.region, repositoryName) : [];
  const reply = await moto.forward(call);
  if (reply.status < 300) await images.removeFromRegistry(repositoryName, digests);
  return reply;
}

async function tagResource({moto}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const held = await moto.ask(call.region, 'ListTagsForResource', {resourceArn: input['resourceArn']});
  const keys = [...((held.value?.['tags'] ?? []) as readonly Json[]), ...(input['tags'] as readonly Json[])].map((tag) => tag['Key']);
  return new Set(keys).size > tagLimit ? errorAnswer(call, tooManyTags()) : moto.forward(call);
}

async function putImageTagMutability({moto}: Context, call: AwsCall, input: Json): Promise<Reply> {
  const {value, error} = outcomeOf(await moto.forward(call));
  if (error) return errorAnswer(call, error);
  const filters = input['imageTagMutabilityExclusionFilters'];
  return jsonAnswer({...value, ...(filters !== undefined && {imageTagMutabilityExclusionFilters: filters})});
}

function answerOf(call: AwsCall, outcome: Outcome): Reply {
  return outcome.error ? errorAnswer(call, outcome.error) : jsonAnswer(outcome.value);
}
