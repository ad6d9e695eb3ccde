import {DescribeRepositoriesCommand, PutImageTagMutabilityCommand, paginateDescribeRepositories} from '@aws-sdk/client-ecr';
import test from 'ava';
import {registries, repositories} from '../../src/schema/types.ts';
import type {RecordedCall} from '../cloud/gateway/calls.ts';
import {eventually} from '../support/eventually.ts';
import {policy, rule} from '../support/ecr-look.ts';
import {metric} from '../support/metrics.ts';
import type {Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';

const count = Number(process.env['REPOSITORIES'] ?? 1000);
const resyncSeconds = 40;
const namespace = 'thousand';

let scene: Scene;
let operator: Operator;

test.before(async () => {
  // Each ECR call asked of ministack first would double the time, and it is not about permissions here.
  scene = await startScene({enforce: false});
  operator = await scene.stage.operator({flags: [`--resync-seconds=${resyncSeconds}`, '--log-level=warn']});
  await scene.namespace(namespace);
  // When the Registry becomes ready, its Repositories are looked at again.
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(() => scene?.stop());

/** Two thirds with a policy of their own; half of all go with their objects. */
const hasPolicy = (index: number) => index % 3 !== 0;
const goes = (index: number) => index % 2 === 0;

test.serial(`${count} Repositories are Ready after 2 calls each, and 3 with a policy`, async (t) => {
  await scene.stage.cloud.resetCalls();
  const started = performance.now();
  await each(async (index) => {
    await scene.kube.create(repositories, {
      apiVersion: repositories.apiVersion,
      kind: 'Repository',
      metadata: {name: `r${index}`, namespace},
      spec: {
        name: `thousand/r${index}`,
        deletionPolicy: goes(index) ? 'Delete' : 'Retain',
        tags: [{key: 'team', value: 'shop'}],
        lifecyclePolicy: {lifecyclePolicyText: rule(10)},
        ...(hasPolicy(index) && {repositoryPolicy: {policyText: policy('ecr:BatchGetImage')}}),
      },
    });
  });
  await eventually('all are settled', async () => (await settled()) === count, {seconds: 300, everyMs: 500});
  t.log(`after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const calls = await ecrCalls();
  const withPolicy = Array.from({length: count}, (_, index) => index).filter(hasPolicy).length;
  t.deepEqual(calls, {CreateRepository: count, PutLifecyclePolicy: count, SetRepositoryPolicy: withPolicy});
});

test.serial('checks find nothing to write, neither here nor there, and ask for existence a hundred at a time', async (t) => {
  const before = await versions();
  await scene.stage.cloud.resetCalls();
  const checkedBefore = await checked();
  await eventually('each was checked', async () => (await checked()) - checkedBefore >= count, {seconds: 120, everyMs: 500});
  const calls = await ecrCalls();
  const checks = calls['ListTagsForResource'] ?? 0;
  t.log(`${checks} checks: ${JSON.stringify(calls)}`);
  t.deepEqual(Object.keys(calls).toSorted(), ['DescribeRepositories', 'GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource']);
  t.true((calls['DescribeRepositories'] ?? 0) <= 0.03 * checks, `${calls['DescribeRepositories']} for ${checks}`);
  t.true((calls['GetLifecyclePolicy'] ?? 0) <= checks);
  t.true((calls['GetRepositoryPolicy'] ?? 0) <= checks);
  t.deepEqual(await versions(), before);
});

test.serial('what someone changes in AWS is set right at the next check, also where it was asked for ahead', async (t) => {
  const {ecr} = scene.stage.cloud;
  const indexes = [3, 30, 90];
  const names = indexes.map((index) => `thousand/r${index}`);
  for (const index of indexes) {
    await scene.kube.merge({type: repositories, namespace, name: `r${index}`}, {spec: {imageTagMutability: 'MUTABLE'}});
  }
  for (const repositoryName of names) {
    await ecr.send(new PutImageTagMutabilityCommand({repositoryName, imageTagMutability: 'IMMUTABLE'}));
  }
  const mutable = async () => {
    const {repositories: found = []} = await ecr.send(new DescribeRepositoriesCommand({repositoryNames: names}));
    return found.filter(({imageTagMutability}) => imageTagMutability === 'MUTABLE').length;
  };
  await eventually('all are MUTABLE again', async () => (await mutable()) === names.length, {seconds: resyncSeconds * 2, everyMs: 500});
  t.pass();
});

test.serial('with Delete none is left in AWS, with Retain all are', async (t) => {
  await each(async (index) => {
    await scene.kube.delete({type: repositories, namespace, name: `r${index}`});
  });
  await eventually('the objects are gone', async () => (await scene.kube.list(repositories, {namespace})).items.length === 0, {
    seconds: 300,
    everyMs: 500,
  });
  const left: string[] = [];
  for await (const page of paginateDescribeRepositories({client: scene.stage.cloud.ecr}, {})) {
    left.push(...(page.repositories ?? []).map(({repositoryName = ''}) => repositoryName));
  }
  const retained = Array.from({length: count}, (_, index) => index).filter((index) => !goes(index));
  t.deepEqual(left.toSorted(), retained.map((index) => `thousand/r${index}`).toSorted());
});

async function each(work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({length: 8}, worker));
}

async function settled(): Promise<number> {
  return metric(operator, 'drayage_outcome', {kind: 'Repository', is: 'settled'});
}

async function checked(): Promise<number> {
  return metric(operator, 'drayage_aws_requests_total', {operation: 'ListTagsForResource'});
}

async function versions(): Promise<Readonly<Record<string, string | undefined>>> {
  const {items} = await scene.kube.list(repositories, {namespace});
  return Object.fromEntries(items.map(({metadata}) => [metadata.name, metadata.resourceVersion]));
}

async function ecrCalls(): Promise<Readonly<Record<string, number>>> {
  const calls: readonly RecordedCall[] = await scene.stage.cloud.calls();
  const ecr = calls.filter(({service}) => service === 'ecr');
  return Object.fromEntries([...Map.groupBy(ecr, ({operation}) => operation)].map(([operation, group]) => [operation, group.length]));
}
