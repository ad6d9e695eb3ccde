import test from 'ava';
import {createAws} from '../../src/aws/clients.ts';
import {Interruption} from '../../src/kinds/outcome.ts';
import {callerIdentity, environmentFor, fakeAws, type Reply, repositoryJson, type Request, stsError} from './fake-ecr.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const roleArn = 'arn:aws:iam::210987654321:role/drayage-shop';

function assumed(key: string, minutes: number): Reply {
  const expiration = new Date(start + minutes * 60_000).toISOString();
  const credentials = `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials>`;
  return {body: `<AssumeRoleResponse><AssumeRoleResult>${credentials}</AssumeRoleResult></AssumeRoleResponse>`};
}

function answer(request: Request, nth: number): Reply {
  if (request.action === 'sts:AssumeRole') return assumed(`ASIA${nth}`, 60 * nth);
  if (request.action === 'sts:GetCallerIdentity') return callerIdentity;
  return {body: {repositories: (request.input['repositoryNames'] as string[]).map((name) => repositoryJson(name))}};
}

const keyOf = ({headers}: Request) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];

test('a role is assumed once for all regions and calls, with its external id and tags, and again when its hour ends', async (t) => {
  await using server = await fakeAws(answer);
  let now = start;
  const aws = createAws({environment: environmentFor(server.url, {POD_NAME: 'pod-1'}), now: () => new Date(now)});
  const role = {roleArn, externalId: 'shop-1', sessionTags: {team: 'shop'}};
  await Promise.all(['us-east-1', 'eu-west-1'].map((region) => aws.ecr({region, role}).describeRepository('a')));
  await aws.identity({...role});
  const asked = server.requests.filter(({action}) => action === 'sts:AssumeRole');
  t.is(asked.length, 1);
  t.like(asked[0]?.input, {
    RoleArn: roleArn,
    ExternalId: 'shop-1',
    RoleSessionName: 'drayage-pod-1',
    'Tags.member.1.Key': 'team',
    'Tags.member.1.Value': 'shop',
  });
  t.is(keyOf(asked[0]!), 'AKIAEXAMPLE');
  const used = server.requests.filter(({action}) => action !== 'sts:AssumeRole').map(keyOf);
  t.deepEqual([...new Set(used)], ['ASIA1']);
  now += 56 * 60_000;
  await aws.ecr({role}).describeRepository('b');
  t.is(server.count('sts:AssumeRole'), 2);
  t.is(keyOf(server.requests.at(-1)!), 'ASIA2');
  aws.close();
});

test('the operator itself, and roles with another external id or tags, are identities of their own', async (t) => {
  await using server = await fakeAws(answer);
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(start)});
  const roles = [undefined, {roleArn}, {roleArn, externalId: 'a1'}, {roleArn, externalId: 'b1'}, {roleArn, sessionTags: {a: 'b'}}];
  for (const role of roles) await aws.ecr({region: 'us-east-1', ...(role && {role})}).describeRepository('a');
  t.is(server.count('sts:AssumeRole'), 4);
  const keys = server.requests.filter(({action}) => action === 'ecr:DescribeRepositories').map(keyOf);
  t.is(new Set(keys).size, 5);
  aws.close();
});

test('a role that may not be assumed says whose policies must allow what', async (t) => {
  await using server = await fakeAws(({action}) =>
    action === 'sts:AssumeRole'
      ? stsError(
          'AccessDenied',
          `User: arn:aws:sts::123456789012:assumed-role/drayage/pod is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        )
      : callerIdentity,
  );
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(start)});
  const error = await t.throwsAsync(aws.ecr({role: {roleArn}}).describeRepository('a'), {instanceOf: Interruption});
  t.like(error.outcome, {is: 'stalled', reason: 'RoleTrustDenied', seconds: 120});
  t.regex(
    error.message,
    /sts:AssumeRole on arn:aws:iam::210987654321:role\/drayage-shop to arn:aws:sts::123456789012:assumed-role\/drayage\/pod/,
  );
  t.regex(error.message, /trust policy of the role must allow sts:AssumeRole and sts:TagSession/);
  aws.close();
});

test('a role that the operator is not allowed to assume is a missing action, not a missing trust', async (t) => {
  const because = 'because no identity-based policy allows the sts:AssumeRole action';
  const text = `User: arn:aws:sts::123456789012:assumed-role/drayage/pod is not authorized to perform: sts:AssumeRole on resource: ${roleArn} ${because}`;
  await using server = await fakeAws(({action}) => (action === 'sts:AssumeRole' ? stsError('AccessDenied', text) : callerIdentity));
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(start)});
  const error = await t.throwsAsync(aws.ecr({role: {roleArn}}).describeRepository('a'), {instanceOf: Interruption});
  aws.close();
  t.like(error.outcome, {is: 'stalled', reason: 'AccessDenied', seconds: 120});
  t.regex(error.message, /^sts:AssumeRole on arn:aws:iam::210987654321:role\/drayage-shop is not allowed to the role drayage: add it/);
});

test('the operator whose own session has ended before it assumes a role gets a new one', async (t) => {
  await using server = await fakeAws(({action}, nth) =>
    action === 'sts:AssumeRole' && nth === 1
      ? stsError('ExpiredToken', 'The security token included in the request is expired')
      : answer({action, input: {repositoryNames: ['a']}, headers: {}}, nth),
  );
  let now = start;
  const aws = createAws({environment: environmentFor(server.url), now: () => new Date(now)});
  const error = await t.throwsAsync(aws.ecr({role: {roleArn}}).describeRepository('a'), {instanceOf: Interruption});
  t.like(error.outcome, {is: 'failed', reason: 'CredentialsExpired'});
  now += 1000;
  t.is((await aws.ecr({role: {roleArn}}).describeRepository('a'))?.repositoryName, 'a');
  aws.close();
});
