import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {CreateRepositoryCommand, PutLifecyclePolicyCommand} from '@aws-sdk/client-ecr';
import {repositories} from '../../src/schema/types.ts';
import {residentMegabytes} from '../support/cpu.ts';
import {eventually} from '../support/eventually.ts';
import {kubeFor} from '../support/kube-clients.ts';
import {metric} from '../support/metrics.ts';
import type {Operator} from '../support/operator.ts';
import {startStage, type Stage} from '../support/stage.ts';
import {imageFlags} from './image-flags.ts';
import {type Row, seconds} from './row.ts';

const root = path.resolve(import.meta.dirname, '../..');
const namespace = 'bench';
/** Walks of the operator at once, and calls at once of the baseline. */
const atOnce = 8;
/** How far AWS is, in milliseconds a call: a few in a test on one machine, some tens in its region. */
const distances = [0, 40];
const resyncSeconds = 30;
const lifecyclePolicyText = JSON.stringify({
  rules: [{rulePriority: 1, selection: {tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100}, action: {type: 'expire'}}],
});

/** Creates `count` Repositories with a lifecycle policy and a tag, and the same in AWS without the operator, to compare. */
export async function measureRepositories(count: number): Promise<readonly Row[]> {
  execFileSync(process.execPath, ['src/generate/bundle.ts'], {cwd: root, stdio: 'inherit'});
  const stage = await startStage({enforce: false});
  try {
    const operator = await stage.operator({
      entry: path.join(root, 'dist/drayage.js'),
      // As the image starts it.
      nodeFlags: imageFlags(),
      flags: [`--workers=${atOnce}`, `--resync-seconds=${resyncSeconds}`],
    });
    await eventually('ready', async () => (await fetch(`${operator.healthUrl}/readyz`)).ok);
    await sleep(5000);
    const idle = residentMegabytes(operator.pid);
    const creations: Row[] = [];
    for (const [round, milliseconds] of distances.entries()) {
      await stage.cloud.setLatency(milliseconds);
      creations.push(...(await measureCreation(stage, operator, {count, round, milliseconds})));
    }
    const all = count * distances.length;
    const loaded = residentMegabytes(operator.pid);
    await stage.cloud.setLatency(0);
    await sleep(3000);
    await stage.cloud.resetCalls();
    await sleep(resyncSeconds * 1.1 * 1000);
    const checking = await callsByName(stage);
    return [
      {what: 'RSS, idle', measured: `${idle} MB`, target: '-'},
      {what: `RSS with ${all} Repositories`, measured: `${loaded} MB`, target: '150 MB with 1,000'},
      ...creations,
      {what: 'AWS calls for each in a drift check', measured: each(checking, all), target: '0.03, and 1 for each thing ECR cannot batch'},
    ];
  } finally {
    await stage.stop();
  }
}

async function measureCreation(
  stage: Stage,
  operator: Operator,
  {count, round, milliseconds}: {readonly count: number; readonly round: number; readonly milliseconds: number},
): Promise<readonly Row[]> {
  const alone = await seconds(() => awsCallsAlone(stage, count, `alone/${round}`));
  await stage.cloud.resetCalls();
  const ready = await seconds(async () => {
    await createObjects(stage, count, `${namespace}-${round}`);
    await eventually('all are settled', async () => (await settled(operator)) === count * (round + 1), {seconds: 600, everyMs: 200});
  });
  const creating = await callsByName(stage);
  const where = `AWS ${milliseconds} ms away`;
  return [
    {what: `the AWS calls alone, ${count} repositories, ${where}`, measured: `${alone.toFixed(1)} s`, target: '-'},
    {
      what: `${count} objects created until all Ready, ${where}`,
      measured: `${ready.toFixed(1)} s (${(ready / alone).toFixed(2)} x)`,
      target: '1.3 x',
    },
    {what: 'AWS calls for each Repository created', measured: each(creating, count), target: 'at most 3'},
  ];
}

async function settled(operator: Operator): Promise<number> {
  return metric(operator, 'drayage_outcome', {kind: 'Repository', is: 'settled'});
}

async function awsCallsAlone({cloud}: Stage, count: number, prefix: string): Promise<void> {
  await pooled(count, async (index) => {
    const repositoryName = `${prefix}/r${index}`;
    await cloud.ecr.send(new CreateRepositoryCommand({repositoryName, tags: [{Key: 'team', Value: 'bench'}]}));
    await cloud.ecr.send(new PutLifecyclePolicyCommand({repositoryName, lifecyclePolicyText}));
  });
}

async function createObjects({cluster}: Stage, count: number, where: string): Promise<void> {
  await cluster.kubectl(['create', 'namespace', where]);
  const {kube, close} = kubeFor(cluster.kubeconfig);
  try {
    await pooled(count, async (index) => {
      await kube.create(repositories, {
        apiVersion: repositories.apiVersion,
        kind: repositories.kind,
        metadata: {name: `r${index}`, namespace: where},
        spec: {name: `${where}/r${index}`, lifecyclePolicy: {lifecyclePolicyText}, tags: [{key: 'team', value: 'bench'}]},
      });
    });
  } finally {
    await close();
  }
}

async function pooled(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({length: atOnce}, worker));
}

async function callsByName({cloud}: Stage): Promise<ReadonlyMap<string, number>> {
  const calls = await cloud.calls();
  return new Map([...Map.groupBy(calls, ({operation}) => operation)].map(([operation, group]) => [operation, group.length]));
}

function each(calls: ReadonlyMap<string, number>, count: number): string {
  const sum = [...calls.values()].reduce((a, b) => a + b, 0);
  const parts = [...calls].map(([name, number]) => `${name} ${(number / count).toFixed(2)}`).join(', ');
  return `${(sum / count).toFixed(2)} (${parts})`;
}
