import test from 'ava';
import {createAws} from '../../src/aws/clients.ts';
import {interruptionOf} from '../../src/aws/errors.ts';
import {scrub} from '../../src/aws/scrub.ts';
import type {Ecr} from '../../src/aws/ecr.ts';
import {Interruption, type Outcome} from '../../src/kinds/outcome.ts';
import {awsError, environmentFor, fakeAws, type Reply} from './fake-ecr.ts';

const now = () => new Date('2026-01-01T00:00:00Z');
const denied =
  'User: arn:aws:sts::123456789012:assumed-role/drayage-operator/pod is not authorized to perform: ecr:TagResource on resource: arn:aws:ecr:us-east-1:123456789012:repository/team/app because no identity-based policy allows the ecr:TagResource action';

async function outcomeOf(
  reply: Reply,
  ask: (ecr: Ecr) => Promise<unknown> = create,
): Promise<{readonly outcome: Outcome; readonly calls: number; readonly error: Interruption}> {
  await using server = await fakeAws(() => reply);
  const aws = createAws({environment: environmentFor(server.url), now});
  try {
    await ask(aws.ecr({}));
    throw new Error('did not fail');
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    return {outcome: error.outcome, calls: server.requests.length, error};
  } finally {
    aws.close();
  }
}

function create(ecr: Ecr): Promise<unknown> {
  return ecr.createRepository({repositoryName: 'team/app', tags: {}, imageTagMutability: 'MUTABLE', scanOnPush: false});
}

test('throttling is retried by the SDK and then fails, not before the time that AWS named', async (t) => {
  const {outcome, calls} = await outcomeOf(awsError('ThrottlingException', 'Rate exceeded', 400, {'retry-after': '1'}));
  t.like(outcome, {is: 'failed', reason: 'Throttled', seconds: 1});
  t.is(calls, 3);
});

test('a denial names the action that AWS names, the resource and the role', async (t) => {
  const {outcome, calls} = await outcomeOf(awsError('AccessDeniedException', denied));
  t.like(outcome, {is: 'stalled', reason: 'AccessDenied'});
  t.is(
    outcome.message,
    "ecr:TagResource on arn:aws:ecr:us-east-1:123456789012:repository/team/app is not allowed to the role drayage-operator: add it to the role's policy (request id req-1)",
  );
  t.is(calls, 1);
});

test('a denial without details names the action of the call', async (t) => {
  const {outcome} = await outcomeOf(awsError('AccessDeniedException', 'no'), (ecr) => ecr.putLifecyclePolicy('team/app', '{}'));
  t.regex(outcome.message, /^ecr:PutLifecyclePolicy on team\/app is not allowed to the operator's role: add it to the role's policy/);
});

test('a denial by a service control policy does not advise to change the role', async (t) => {
  const {outcome} = await outcomeOf(
    awsError('AccessDeniedException', 'not authorized to perform: ecr:CreateRepository with an explicit deny in a service control policy'),
  );
  t.regex(outcome.message, /explicit deny in a service control policy/);
  t.notRegex(outcome.message, /add it to/);
});

test('what the user must mend is stalled with the text of AWS', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['InvalidParameterException', 'InvalidParameter'],
    ['InvalidTagParameterException', 'InvalidParameter'],
    ['KmsException', 'KmsRefused'],
    ['TooManyTagsException', 'LimitExceeded'],
  ];
  for (const [name, reason] of cases) {
    const {outcome, calls} = await outcomeOf(awsError(name, 'because so'));
    t.like(outcome, {is: 'stalled', reason}, name);
    t.regex(outcome.message, /because so.*request id req-1/, name);
    t.is(calls, 1, name);
  }
});

test('a limit of the account is not retried as if it were throttling', async (t) => {
  const {outcome, calls} = await outcomeOf(awsError('LimitExceededException', 'The repository limit is 10000'));
  t.like(outcome, {is: 'stalled', reason: 'LimitExceeded'});
  t.is(calls, 1);
});

test('server errors and pages that are no JSON are retried and fail', async (t) => {
  const broken = await outcomeOf(awsError('ServerException', 'oops', 500));
  t.like(broken.outcome, {is: 'failed', reason: 'AwsUnavailable'});
  t.is(broken.calls, 3);
  const page = await outcomeOf({status: 500, headers: {'content-type': 'text/html'}, body: '<!doctype html><title>500</title>'});
  t.like(page.outcome, {is: 'failed', reason: 'AwsUnavailable'});
});

test('a server that is not there fails', async (t) => {
  const server = await fakeAws(() => ({body: {}}));
  await server[Symbol.asyncDispose]();
  const aws = createAws({environment: environmentFor(server.url), now});
  const error = await t.throwsAsync(create(aws.ecr({})), {instanceOf: Interruption});
  aws.close();
  t.like(error.outcome, {is: 'failed', reason: 'AwsUnavailable'});
});

test('refused credentials fail, and the signed request that AWS quotes is left out', async (t) => {
  const quoted = "The Canonical String for this request should have been 'POST\n/\n\nx-amz-security-token:FwoGZXIvYXdzEXAMPLE\n'";
  const {outcome, error} = await outcomeOf(awsError('InvalidSignatureException', quoted, 403));
  t.like(outcome, {is: 'failed', reason: 'CredentialsInvalid'});
  t.notRegex(`${outcome.message}${String(error.stack)}`, /FwoG/);
  t.is(error.cause, undefined);
});

test('what looks like a credential is scrubbed from every message', (t) => {
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"x"}').toString('base64url')}.c2ln`;
  t.is(scrub(`token ${jwt} refused`), 'token [secret] refused');
  t.is(scrub(`long ${'A1b2'.repeat(40)} end`), 'long [secret] end');
  t.is(scrub('x-amz-security-token:abc rest'), 'x-amz-security-token: [secret] rest');
  t.is(scrub('x'.repeat(50).concat(' ').repeat(20)).length, 601);
});

test('an Interruption passes through as it is', (t) => {
  const given = new Interruption({is: 'waiting', reason: 'Busy', message: 'busy', seconds: 1});
  t.is(interruptionOf(given, {action: 'ecr:X'}), given);
});

test('any other thing that is thrown becomes a failure', (t) => {
  for (const thrown of ['text', undefined, null, 7, {}, new Error('x')]) {
    t.is(interruptionOf(thrown, {action: 'ecr:X'}).outcome.is, 'failed');
  }
});
