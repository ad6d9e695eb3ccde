import {errorAnswer, invalid, jsonAnswer} from './answers.ts';
import type {Context} from './context.ts';
import type {Handlers} from './handler.ts';
import {evaluate} from './lifecycle-evaluation.ts';
import type {Image, Marked} from './lifecycle-evaluation.ts';
import {lifecyclePolicyHandlers, policyTextOf} from './lifecycle-policy.ts';
import {readLifecyclePolicy} from './lifecycle-rules.ts';
import {parseObject, textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';
import {pageOf} from './pages.ts';

/** The last preview of a repository. `createdAt` tells it from another repository of the name. */
interface Preview {
  readonly lifecyclePolicyText: string;
  readonly startedAt: number;
  readonly createdAt: unknown;
  readonly marked: readonly Marked[];
}

/** How long a preview is IN_PROGRESS, in milliseconds. */
const evaluationMs = 500;
const kept = new WeakMap<Context, Map<string, Preview>>();

export const lifecyclePreviewHandlers: Handlers = {
  ...lifecyclePolicyHandlers,
  StartLifecyclePolicyPreview: start,
  GetLifecyclePolicyPreview: get,
};

async function start(context: Context, call: AwsCall, input: Json): Promise<Reply> {
  const {config, images} = context;
  const repositoryName = textOf(input['repositoryName']);
  const where = `the repository with name '${repositoryName}' in the registry with id '${config.accountId}'`;
  const repository = await images.repository(call.region, repositoryName);
  if (repository.error) return errorAnswer(call, repository.error);
  const {createdAt} = repository.value;
  const previews = previewsOf(context);
  const key = `${call.region}/${repositoryName}`;
  const previous = previews.get(key);
  if (previous && previous.createdAt === createdAt && isInProgress(previous)) {
    const message = `The previous lifecycle policy preview request for ${where} has not completed. Wait and try again.`;
    return errorAnswer(call, {type: 'LifecyclePolicyPreviewInProgressException', message});
  }
  const lifecyclePolicyText =
    (input['lifecyclePolicyText'] as string | undefined) ?? (await policyTextOf(context, call.region, repositoryName));
  if (lifecyclePolicyText === undefined) {
    return errorAnswer(call, {type: 'LifecyclePolicyNotFoundException', message: `Lifecycle policy does not exist for ${where}`});
  }
  const policy = readLifecyclePolicy(lifecyclePolicyText);
  if ('error' in policy) return errorAnswer(call, policy.error);
  const marked = evaluate(policy.rules, await imagesIn(context, call.region, repositoryName), Date.now() / 1000);
  previews.set(key, {lifecyclePolicyText, startedAt: Date.now(), createdAt, marked});
  return jsonAnswer({registryId: config.accountId, repositoryName, lifecyclePolicyText, status: 'IN_PROGRESS'});
}

async function get(context: Context, call: AwsCall, input: Json): Promise<Reply> {
  const {config, images} = context;
  if (Number(input['maxResults'] ?? 1) > 100) return errorAnswer(call, invalid('maxResults', 'must be between 1 and 100'));
  const repositoryName = textOf(input['repositoryName']);
  const repository = await images.repository(call.region, repositoryName);
  if (repository.error) return errorAnswer(call, repository.error);
  const preview = previewsOf(context).get(`${call.region}/${repositoryName}`);
  if (preview === undefined || preview.createdAt !== repository.value['createdAt']) {
    const message = `Lifecycle policy preview does not exist for the repository with name '${repositoryName}' in the registry with id '${config.accountId}'`;
    return errorAnswer(call, {type: 'LifecyclePolicyPreviewNotFoundException', message});
  }
  const {lifecyclePolicyText, marked} = preview;
  const told = {registryId: config.accountId, repositoryName, lifecyclePolicyText};
  if (isInProgress(preview)) return jsonAnswer({...told, status: 'IN_PROGRESS', previewResults: []});
  const previewResults = marked.filter(({image}) => isAsked(input, image)).map(resultOf);
  const page = pageOf(call.operation, input, {...told, status: 'COMPLETE', previewResults, summary: summaryOf(marked)});
  return page.error ? errorAnswer(call, page.error) : jsonAnswer(page.value);
}

function previewsOf(context: Context): Map<string, Preview> {
  const known = kept.get(context) ?? new Map<string, Preview>();
  kept.set(context, known);
  return known;
}

function isInProgress({startedAt}: Preview): boolean {
  return Date.now() - startedAt < evaluationMs;
}

async function imagesIn({moto}: Context, region: string, repositoryName: string): Promise<readonly Image[]> {
  const described = await moto.ask(region, 'DescribeImages', {repositoryName});
  const details = (described.value?.['imageDetails'] ?? []) as readonly Json[];
  const lists = details.filter((detail) => /manifest\.list|image\.index/.test(textOf(detail['imageManifestMediaType'])));
  const referenced = new Set<unknown>();
  for (const {imageDigest} of lists) {
    const got = await moto.ask(region, 'BatchGetImage', {repositoryName, imageIds: [{imageDigest}]});
    const [image] = (got.value?.['images'] ?? []) as readonly Json[];
    const {manifests = []} = parseObject(textOf(image?.['imageManifest'])) ?? {};
    for (const {digest} of manifests as readonly Json[]) referenced.add(digest);
  }
  return details.map((detail) => ({
    imageDigest: textOf(detail['imageDigest']),
    imageTags: (detail['imageTags'] ?? []) as readonly string[],
    imagePushedAt: Number(detail['imagePushedAt']),
    isReferenced: referenced.has(detail['imageDigest']),
  }));
}

function isAsked(input: Json, {imageDigest, imageTags}: Image): boolean {
  const ids = input['imageIds'] as readonly Json[] | undefined;
  const {tagStatus = 'ANY'} = (input['filter'] ?? {}) as Json;
  if (tagStatus !== 'ANY' && (tagStatus === 'TAGGED') !== imageTags.length > 0) return false;
  return ids === undefined || ids.some((id) => id['imageDigest'] === imageDigest || imageTags.includes(textOf(id['imageTag'])));
}

function resultOf({image, rule}: Marked): Json {
  const {imageDigest, imageTags, imagePushedAt} = image;
  const {type, targetStorageClass} = rule.action;
  return {
    ...(imageTags.length > 0 && {imageTags}),
    imageDigest,
    imagePushedAt,
    action: {type: type.toUpperCase(), ...(targetStorageClass && {targetStorageClass: targetStorageClass.toUpperCase()})},
    appliedRulePriority: rule.rulePriority,
    storageClass: 'STANDARD',
  };
}

function summaryOf(marked: readonly Marked[]): Json {
  const archived = marked.filter(({rule}) => rule.action.type === 'transition').length;
  return {
    expiringImageTotalCount: marked.length - archived,
    ...(archived > 0 && {transitioningImageTotalCounts: [{targetStorageClass: 'ARCHIVE', imageTotalCount: archived}]}),
  };
}
