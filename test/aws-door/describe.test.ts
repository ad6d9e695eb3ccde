import test from 'ava';
import {createAws} from '../../src/aws/clients.ts';
import {Interruption} from '../../src/kinds/outcome.ts';
import {awsError, environmentFor, type FakeAws, fakeAws, repositoryJson, type Reply, type Request} from './fake-ecr.ts';

const now = () => new Date('2026-01-01T00:00:00Z');

function door(server: FakeAws) {
  const aws = createAws({environment: environmentFor(server.url), now});
  return {ecr: aws.ecr({}), close: () => aws.close()};
}

function namesOf(request: Request): string[] {
  return request.input['repositoryNames'] as string[];
}

/** Answers as ECR does: one missing repository fails the whole call. */
function registryWith(
  existing: ReadonlySet<string>,
  say = (name: string) => `The repository with name '${name}' does not exist in the registry with id '123456789012'`,
) {
  return (request: Request): Reply => {
    const missing = namesOf(request).find((name) => !existing.has(name));
    if (missing !== undefined) return awsError('RepositoryNotFoundException', say(missing));
    return {body: {repositories: namesOf(request).map((name) => repositoryJson(name))}};
  };
}

test('a hundred and fifty callers cost two calls of at most a hundred names', async (t) => {
  const names = Array.from({length: 150}, (_, index) => `team/app-${index}`);
  await using server = await fakeAws(registryWith(new Set(names)));
  const {ecr, close} = door(server);
  const found = await Promise.all(names.map((name) => ecr.describeRepository(name)));
  close();
  t.deepEqual(
    found.map((repository) => repository?.repositoryName),
    names,
  );
  t.deepEqual(
    server.requests.map((request) => namesOf(request).length).toSorted((a, b) => b - a),
    [100, 50],
  );
});

test('callers of the same name share one answer', async (t) => {
  await using server = await fakeAws(registryWith(new Set(['a'])));
  const {ecr, close} = door(server);
  const [one, two] = await Promise.all([ecr.describeRepository('a'), ecr.describeRepository('a')]);
  close();
  t.is(one?.repositoryArn, two?.repositoryArn);
  t.deepEqual(server.requests.map(namesOf), [['a']]);
});

test('a missing repository is undefined and the others of its call are found', async (t) => {
  await using server = await fakeAws(registryWith(new Set(['a', 'c'])));
  const {ecr, close} = door(server);
  const found = await Promise.all(['a', 'b', 'c'].map((name) => ecr.describeRepository(name)));
  close();
  t.deepEqual(
    found.map((repository) => repository?.repositoryName),
    ['a', undefined, 'c'],
  );
  t.is(server.requests.length, 2);
});

test('where the text does not name the missing repository, halves are asked for', async (t) => {
  const names = Array.from({length: 16}, (_, index) => `r${index}`);
  const existing = new Set(names.filter((name) => name !== 'r3' && name !== 'r9'));
  await using server = await fakeAws(registryWith(existing, () => 'not there'));
  const {ecr, close} = door(server);
  const found = await Promise.all(names.map((name) => ecr.describeRepository(name)));
  close();
  t.deepEqual(
    found.map((repository) => repository?.repositoryName),
    names.map((name) => (existing.has(name) ? name : undefined)),
  );
  t.true(server.requests.length <= 17, `${server.requests.length} calls`);
});

test('a repository that the role may not see does not hide the others', async (t) => {
  await using server = await fakeAws((request) =>
    namesOf(request).includes('secret')
      ? awsError(
          'AccessDeniedException',
          'User: arn:aws:sts::123456789012:assumed-role/drayage/pod is not authorized to perform: ecr:DescribeRepositories on resource: arn:aws:ecr:us-east-1:123456789012:repository/secret because no identity-based policy allows the ecr:DescribeRepositories action',
        )
      : {body: {repositories: namesOf(request).map((name) => repositoryJson(name))}},
  );
  const {ecr, close} = door(server);
  const [a, secret, b] = await Promise.allSettled(['a', 'secret', 'b'].map((name) => ecr.describeRepository(name)));
  close();
  t.is(a?.status, 'fulfilled');
  t.is(b?.status, 'fulfilled');
  const error = (secret as PromiseRejectedResult).reason as Interruption;
  t.true(error instanceof Interruption);
  t.like(error.outcome, {is: 'stalled', reason: 'AccessDenied'});
  t.regex(
    error.message,
    /ecr:DescribeRepositories on arn:aws:ecr:us-east-1:123456789012:repository\/secret is not allowed to the role drayage/,
  );
});

test('every page of an answer is read, and the registry is named', async (t) => {
  await using server = await fakeAws((request) =>
    request.input['nextToken'] === undefined
      ? {body: {repositories: [repositoryJson('a')], nextToken: 'more'}}
      : {
          body: {
            repositories: [
              repositoryJson('b', {
                imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
                imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'dev-*'}],
              }),
            ],
          },
        },
  );
  const aws = createAws({environment: environmentFor(server.url), now});
  const ecr = aws.ecr({accountId: '210987654321'});
  const [a, b] = await Promise.all([ecr.describeRepository('a'), ecr.describeRepository('b')]);
  aws.close();
  t.is(a?.createdAt, '2023-11-14T22:13:20.000Z');
  t.deepEqual(b?.imageTagMutabilityExclusionFilters, [{filterType: 'WILDCARD', filter: 'dev-*'}]);
  t.true(server.requests.every((request) => request.input['registryId'] === '210987654321'));
});
