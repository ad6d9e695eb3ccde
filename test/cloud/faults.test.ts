import {CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient, GetAuthorizationTokenCommand} from '@aws-sdk/client-ecr';
import {AssumeRoleCommand, GetCallerIdentityCommand, STSClient} from '@aws-sdk/client-sts';
import test from 'ava';
import type {Cloud} from './start.ts';
import {startCloud} from './start.ts';

let cloud: Cloud;
let sts: STSClient;

test.before(async () => {
  cloud = await startCloud();
  sts = new STSClient({endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.rootCredentials, maxAttempts: 1});
});

test.afterEach.always(() => cloud.faults.clear());
test.after.always(() => cloud?.stop());

const describe = () => cloud.ecr.send(new DescribeRepositoriesCommand({}));
const create = (repositoryName: string) => cloud.ecr.send(new CreateRepositoryCommand({repositoryName}));
const names = async () => ((await describe()).repositories ?? []).map(({repositoryName}) => repositoryName);

test.serial('throttling is said as each service says it, as often as asked', async (t) => {
  await cloud.faults.add({operation: 'DescribeRepositories', is: 'throttle', times: 2});
  await cloud.faults.add({operation: 'GetCallerIdentity', is: 'throttle', times: 1});
  const error = await t.throwsAsync(describe(), {name: 'ThrottlingException', message: 'Rate exceeded'});
  t.is((error as unknown as {$metadata: {httpStatusCode: number}}).$metadata.httpStatusCode, 400);
  await t.throwsAsync(describe(), {name: 'ThrottlingException'});
  await t.notThrowsAsync(describe());
  await t.throwsAsync(sts.send(new GetCallerIdentityCommand({})), {name: 'Throttling'});
  await t.notThrowsAsync(sts.send(new GetCallerIdentityCommand({})));
});

test.serial('the SDK gets past throttling and lost connections by itself, and every try is in the log', async (t) => {
  const ecr = new ECRClient({endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.rootCredentials, maxAttempts: 3});
  await cloud.faults.add({operation: 'GetAuthorizationToken', is: 'throttle', times: 1});
  await cloud.faults.add({operation: 'GetAuthorizationToken', is: 'reset', times: 1});
  await cloud.resetCalls();
  await t.notThrowsAsync(ecr.send(new GetAuthorizationTokenCommand({})));
  t.deepEqual(
    (await cloud.calls()).map(({operation, status}) => `${operation} ${status}`),
    ['GetAuthorizationToken 400', 'GetAuthorizationToken 0', 'GetAuthorizationToken 200'],
  );
});

test.serial('a denial names the action, and nothing happens', async (t) => {
  await cloud.faults.add({operation: 'CreateRepository', is: 'deny'});
  await t.throwsAsync(create('denied'), {name: 'AccessDeniedException', message: /is not authorized to perform: ecr:CreateRepository/});
  await cloud.faults.add({operation: 'AssumeRole', is: 'deny'});
  await t.throwsAsync(sts.send(new AssumeRoleCommand({RoleArn: 'arn:aws:iam::123456789012:role/x', RoleSessionName: 's'})), {
    name: 'AccessDenied',
  });
  t.false((await names()).includes('denied'));
});

test.serial('an internal error is a 500 of both protocols, for all operations', async (t) => {
  await cloud.faults.add({operation: '*', is: 'error500', times: 2});
  await t.throwsAsync(describe(), {name: 'ServerException'});
  await t.throwsAsync(sts.send(new GetCallerIdentityCommand({})), {name: 'InternalFailure'});
  await t.notThrowsAsync(describe());
});

test.serial('any other error can be named', async (t) => {
  await cloud.faults.add({
    operation: 'CreateRepository',
    is: 'error',
    type: 'LimitExceededException',
    message: 'The quota is reached',
    times: 1,
  });
  await t.throwsAsync(create('over'), {name: 'LimitExceededException', message: 'The quota is reached'});
});

test.serial('an answer that is lost leaves its effect behind', async (t) => {
  await cloud.faults.add({operation: 'CreateRepository', is: 'afterwards-reset', times: 1});
  await t.throwsAsync(create('half-done'), {code: 'ECONNRESET'});
  t.true((await names()).includes('half-done'));
  await t.throwsAsync(create('half-done'), {name: 'RepositoryAlreadyExistsException'});
});

test.serial('a connection that is reset before the call leaves nothing', async (t) => {
  await cloud.faults.add({operation: 'CreateRepository', is: 'reset', times: 1});
  await t.throwsAsync(create('never'), {code: 'ECONNRESET'});
  t.false((await names()).includes('never'));
});

test.serial('a call that is never answered ends by the patience of the client', async (t) => {
  const requestHandler = {requestTimeout: 300, throwOnRequestTimeout: true};
  const ecr = new ECRClient({
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: cloud.rootCredentials,
    maxAttempts: 1,
    requestHandler,
  });
  await cloud.faults.add({operation: 'DescribeRepositories', is: 'timeout', times: 1});
  await t.throwsAsync(ecr.send(new DescribeRepositoriesCommand({})), {name: 'TimeoutError'});
  await t.notThrowsAsync(ecr.send(new DescribeRepositoriesCommand({})));
});

test.serial('a fault ends after its seconds', async (t) => {
  await cloud.faults.add({operation: 'DescribeRepositories', is: 'throttle', seconds: 0.3});
  await t.throwsAsync(describe(), {name: 'ThrottlingException'});
  await new Promise((resolve) => setTimeout(resolve, 350));
  await t.notThrowsAsync(describe());
});
