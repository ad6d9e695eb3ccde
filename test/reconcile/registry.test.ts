import {DescribeRepositoriesCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Ref} from '../../src/kube/kube.ts';
import {registries} from '../../src/schema/types.ts';
import type {Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

let scene: Scene;
let operator: Operator;

test.before(async () => {
  scene = await startScene();
  operator = await scene.stage.operator({flags: ['--log-level=debug']});
  await scene.namespace('reg');
});

test.after.always(async () => {
  await scene?.stop();
});

async function registry(name: string, spec: object): Promise<Ref> {
  await scene.kube.apply(
    registries,
    {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name}, spec},
    {fieldManager: 'tests'},
  );
  return {type: registries, name};
}

test.serial('nobody writes the Registry `default`: it is there with the account and region of the operator', async (t) => {
  const {accountId, region} = scene.stage.cloud;
  const object = await scene.ready({type: registries, name: 'default'});
  t.like(object.status, {
    accountId,
    region,
    registryUri: `${accountId}.dkr.ecr.${region}.amazonaws.com`,
    registryUris: {dualStack: `${accountId}.dkr-ecr.${region}.on.aws`},
  });
  t.regex(String(object.status?.['identityArn']), /:assumed-role\/drayage\//);
  t.deepEqual(object.spec, {driftPolicy: 'Correct', settingsDeletionPolicy: 'Retain', settingsOwnership: 'Merge'});
  const {stdout} = await scene.stage.cluster.kubectl(['get', 'registries.ecr.drayage.dev', 'default']);
  t.regex(stdout, new RegExp(`default.*${accountId}.*${region}`));
  t.log(stdout.trim());
});

test.serial('a Registry of another account is refused in words, and nothing is made through it', async (t) => {
  const ref = await registry('other', {accountId: '999999999999'});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'AccountMismatch'});
  const {message = ''} = conditionOf(object, 'Ready') ?? {};
  t.regex(message, /spec\.accountId is 999999999999, but the operator is arn:.* in account \d{12}/);
  const repository = await scene.repository('reg', 'misplaced', {registryRef: {name: 'other'}});
  const refused = await scene.condition(repository, {type: 'Stalled', status: 'True', reason: 'AccountMismatch'});
  t.regex(conditionOf(refused, 'Ready')?.message ?? '', /the Registry other names the account 999999999999/);
  await sleep(500);
  const since = new Date();
  await sleep(3000);
  t.deepEqual(await scene.calls(since), []);
  t.deepEqual(await scene.warnings(ref, 1), ['AccountMismatch×1']);
  t.deepEqual(await scene.warnings(repository, 1), ['AccountMismatch×1']);
  const {repositories = []} = await scene.stage.cloud.ecr.send(new DescribeRepositoriesCommand({}));
  t.deepEqual(repositories, []);
});

test.serial('a Registry of another region leads there', async (t) => {
  const ref = await registry('far', {region: 'eu-central-1'});
  const object = await scene.ready(ref);
  t.regex(String(object.status?.['registryUri']), /\.dkr\.ecr\.eu-central-1\.amazonaws\.com$/);
  const since = new Date();
  const repository = await scene.ready(await scene.repository('reg', 'abroad', {registryRef: {name: 'far'}}));
  t.regex(String(repository.status?.['repositoryArn']), /^arn:aws:ecr:eu-central-1:/);
  const ecr = (await scene.calls(since)).filter(({service}) => service === 'ecr');
  t.deepEqual([...new Set(ecr.map(({region}) => region))], ['eu-central-1']);
});

test.serial('the API server refuses another account or region later, and what is no account', async (t) => {
  await t.throwsAsync(() => registry('far', {region: 'eu-west-1'}), {message: /spec\.region.*(immutable|cannot be changed)/i});
  await t.throwsAsync(() => registry('bad', {accountId: '1234'}), {message: /spec\.accountId/});
  await t.throwsAsync(() => registry('bad', {region: 'Frankfurt'}), {message: /spec\.region/});
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  t.deepEqual(await scene.leaks([await operator.log()]), []);
});
