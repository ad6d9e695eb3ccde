import {invalid} from './answers.ts';
import type {AwsError} from './answers.ts';
import {textOf} from './message.ts';
import type {Json} from './message.ts';
import type {Outcome} from './moto.ts';

/** Which operations are paged, what they list, what orders the list, and the parameter that excludes paging. */
export const paged: Readonly<Record<string, {readonly list: string; readonly key: (item: Json) => string; readonly excludes?: string}>> = {
  DescribeRepositories: {list: 'repositories', key: (item) => String(item['repositoryName']), excludes: 'repositoryNames'},
  ListImages: {list: 'imageIds', key: (item) => `${String(item['imageDigest'])} ${textOf(item['imageTag'])}`},
  DescribeRepositoryCreationTemplates: {list: 'repositoryCreationTemplates', key: (item) => String(item['prefix']), excludes: 'prefixes'},
  GetLifecyclePolicyPreview: {list: 'previewResults', key: (item) => String(item['imageDigest']), excludes: 'imageIds'},
  ListPullTimeUpdateExclusions: {list: 'pullTimeUpdateExclusions', key: (item) => String(item['principalArn'])},
  ListReplicationBackfills: {list: 'backfills', key: (item) => String(item['replicationBackfillId'])},
  DescribeReplicationBackfillResults: {
    list: 'results',
    key: (item) => `${String(item['repositoryName'])} ${JSON.stringify(item['imageId'])}`,
  },
  DescribePullThroughCacheRules: {
    list: 'pullThroughCacheRules',
    key: (item) => String(item['ecrRepositoryPrefix']),
    excludes: 'ecrRepositoryPrefixes',
  },
  DescribeImages: {list: 'imageDetails', key: (item) => String(item['imageDigest']), excludes: 'imageIds'},
};

const defaultPage = 100;

/**
 * One page of an answer that moto gives whole, in the order of the operation's key, so that what is created or deleted between
 * two pages neither repeats nor hides anything else.
 */
export function pageOf(operation: string, input: Json, answer: Json): Outcome {
  const rule = paged[operation];
  if (!rule) return {value: answer};
  if (rule.excludes !== undefined && input[rule.excludes] !== undefined) return {value: answer};
  const after = input['nextToken'] === undefined ? undefined : positionIn(operation, textOf(input['nextToken']));
  if (after === null) return {error: invalid('nextToken', 'must be a token that this operation returned')};
  const items = (answer[rule.list] as readonly Json[])
    .map((item) => ({item, key: rule.key(item)}))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const rest = after === undefined ? items : items.filter(({key}) => key > after);
  const page = rest.slice(0, Number(input['maxResults'] ?? defaultPage));
  const last = page.at(-1);
  const nextToken = last && rest.length > page.length ? Buffer.from(JSON.stringify([operation, last.key])).toString('base64') : undefined;
  return {value: {...answer, [rule.list]: page.map(({item}) => item), ...(nextToken !== undefined && {nextToken})}};
}

/** ECR's refusal to page through what was asked for one by one. */
export function pagingError(operation: string, input: Json): AwsError | undefined {
  const excludes = paged[operation]?.excludes;
  if (excludes === undefined || input[excludes] === undefined) return undefined;
  const asked = ['maxResults', 'nextToken'].find((name) => input[name] !== undefined);
  return asked === undefined ? undefined : invalid(asked, `must not be specified together with ${excludes}`);
}

function positionIn(operation: string, token: string): string | null {
  try {
    const [forOperation, key] = JSON.parse(Buffer.from(token, 'base64').toString()) as [unknown, unknown];
    return forOperation === operation && typeof key === 'string' ? key : null;
  } catch {
    return null;
  }
}
