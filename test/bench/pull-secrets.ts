import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {kinds} from '../../src/kinds/registry.ts';
import type {Kube} from '../../src/kube/kube.ts';
import {clusterPullSecrets, secrets} from '../../src/schema/types.ts';
import {processesOf} from '../cluster/processes.ts';
import {cpuOf, cpuSince, nameOf, residentMegabytes} from '../support/cpu.ts';
import {eventually} from '../support/eventually.ts';
import {kubeFor} from '../support/kube-clients.ts';
import {metric} from '../support/metrics.ts';
import type {Operator} from '../support/operator.ts';
import {createPullSecret, percentile, spans, startFleet, type Fleet, type Rotation} from '../support/pull-secret-fleet.ts';
import {startStage, type Stage} from '../support/stage.ts';
import {bareLoop} from './bare-loop.ts';
import {imageFlags} from './image-flags.ts';
import {type Row, seconds} from './row.ts';

const root = path.resolve(import.meta.dirname, '../..');
const name = 'fleet';
const controller = 'clusterpullsecret';
const newPerSecond = 50;
const newSeconds = 10;

interface Bench {
  readonly stage: Stage;
  readonly operator: Operator;
  readonly kube: Kube;
  readonly fleet: Fleet;
  readonly names: readonly string[];
  readonly say: (text: string) => void;
  readonly row: (what: string, measured: string, target?: string) => void;
}

/** One ClusterPullSecret over `count` namespaces: first fan-out, rotation, new namespaces, and what it costs to keep them. */
export async function measurePullSecrets(
  count: number,
  {say, nodeFlags = []}: {readonly say: (text: string) => void; readonly nodeFlags?: readonly string[]},
): Promise<readonly Row[]> {
  execFileSync(process.execPath, ['src/generate/bundle.ts'], {cwd: root, stdio: 'inherit'});
  const rows: Row[] = [];
  const row: Bench['row'] = (what, measured, target = '-') => {
    rows.push({what, measured, target});
    say(`${what}: ${measured}`);
  };
  // Long enough for all that comes before the rotations, which may begin when a tenth of it is over.
  const tokenSeconds = 60 + Math.ceil(count * 0.15);
  const stage = await startStage({enforce: false, tokenSeconds});
  const {kube, close} = kubeFor(stage.cluster.kubeconfig);
  let fleet: Fleet | undefined;
  try {
    const operator = await stage.operator({
      entry: path.join(root, 'dist/drayage.js'),
      nodeFlags: [...imageFlags(), ...nodeFlags],
      flags: ['--leader-elect=false'],
    });
    await eventually('ready', async () => (await fetch(`${operator.healthUrl}/readyz`)).ok);
    const names = Array.from({length: count}, (_, index) => `fleet-${index}`);
    fleet = await startFleet(stage, kube, name);
    const bench = {stage, operator, kube, fleet, names, say, row};
    await sleep(3000);
    row('RSS, idle', `${residentMegabytes(operator.pid)} MB`);
    await measureFanOut(bench);
    await measureSettled(bench);
    await measureNew(bench, 'calm', 'p99 under 1 s');
    const loop = await bare(bench);
    await untilRotatable(tokenSeconds, kube);
    await measureRotation(bench, loop);
    await untilRotatable(tokenSeconds, kube);
    await measureNewWhileRotating(bench);
    row(`RSS with ${count} namespaces, after all that`, `${residentMegabytes(operator.pid)} MB`, '400 MB with 20,000 objects');
    row('Secrets deleted, or made again', `${fleet.recreated().length}`, '0');
    await operator.stop();
    return rows;
  } finally {
    await fleet?.stop();
    await close();
    await stage.stop();
  }
}

async function measureFanOut(bench: Bench): Promise<void> {
  const {stage, operator, kube, fleet, names, row, say} = bench;
  say(`creating ${names.length} namespaces`);
  const made = await seconds(() => fleet.grow(names));
  const after = await seconds(() => fleet.accounts(names, 600));
  row(`${names.length} namespaces made, and their ServiceAccounts (not ours)`, `${made.toFixed(1)} s, and ${after.toFixed(1)} s more`);
  await stage.cloud.resetCalls();
  const cost = await costOf(bench, async () => {
    await createPullSecret(kube, name);
    await fleet.served(names, 600);
  });
  const rate = (2 * names.length) / cost.seconds;
  row(
    'first fan-out, until each has its Secret and its ServiceAccount names it',
    `${cost.seconds.toFixed(1)} s, ${rate.toFixed(0)} writes/s`,
  );
  row('processor time meanwhile', cost.cpu);
  row('token calls meanwhile', `${await tokenCalls(stage)}`, '1');
  await settled(kube);
  row(`RSS with ${names.length} namespaces`, `${residentMegabytes(operator.pid)} MB`);
}

/** What a walk costs that finds nothing to do: it is asked for by an annotation. */
async function measureSettled({operator, kube, names, row}: Bench): Promise<void> {
  await sleep(2000);
  const before = {walks: await walksOf(operator), writes: await writesOf(operator), cpu: cpuOf({operator: operator.pid})};
  for (let round = 1; round <= 10; round += 1) {
    await kube.merge({type: clusterPullSecrets, name}, {metadata: {annotations: {round: String(round)}}});
    await sleep(400);
  }
  await sleep(500);
  const after = {walks: await walksOf(operator), writes: await writesOf(operator)};
  const walks = after.walks.count - before.walks.count;
  const each = ((after.walks.seconds - before.walks.seconds) / walks) * 1000;
  const cpu = (cpuSince(before.cpu, cpuOf({operator: operator.pid}))['operator'] ?? 0) * (1000 / walks);
  const writes = after.writes - before.writes;
  row(
    `a walk of ${names.length} namespaces with nothing to do`,
    `${each.toFixed(0)} ms, ${cpu.toFixed(0)} ms of processor, ${writes} writes in ${walks} walks`,
    '0 writes',
  );
}

async function measureNew(bench: Bench, when: string, target: string): Promise<void> {
  const {fleet, row} = bench;
  const fresh = Array.from({length: newPerSecond * newSeconds}, (_, index) => `${when}-${index}`);
  const cost = await costOf(bench, async () => {
    await fleet.grow(fresh, newPerSecond);
    await fleet.served(fresh, 120);
  });
  const {asked, account, secret, attached} = fleet.times;
  const what = `${newPerSecond} new namespaces a second for ${newSeconds} s, ${when}`;
  row(`${what}: until its Secret is there`, figures(spans(fresh, asked, secret)), target);
  row(`${what}: until its ServiceAccount names it`, figures(spans(fresh, asked, attached)), target);
  row(`${what}: until Kubernetes made the ServiceAccount`, figures(spans(fresh, asked, account)));
  row(`${what}: processor time`, cost.cpu);
}

async function bare({kube, names, row}: Bench): Promise<{readonly apply: () => Promise<number>; readonly merge: () => Promise<number>}> {
  const like = await kube.get({type: secrets, namespace: names[0] ?? '', name: 'ecr-pull'});
  if (like === undefined) throw new Error('there is no pull secret to measure against');
  const inFlight = kinds.find(({definition}) => definition.kind === clusterPullSecrets.kind)?.parallel ?? 1;
  const loop = bareLoop(kube, like, {namespaces: names, inFlight});
  row('a bare loop that creates as many Secrets', `${(await loop.create()).toFixed(0)}/s`);
  return loop;
}

async function measureRotation(
  bench: Bench,
  loop: {readonly apply: () => Promise<number>; readonly merge: () => Promise<number>},
): Promise<void> {
  const {stage, fleet, names, row} = bench;
  const before = {apply: await loop.apply(), merge: await loop.merge()};
  await sleep(2000);
  await stage.cloud.resetCalls();
  let rotation: Rotation | undefined;
  const cost = await costOf(bench, async () => {
    rotation = await fleet.rotate([...fleet.times.secret.keys()], 600);
  });
  if (rotation === undefined) throw new Error('nothing was rotated');
  const calls = await tokenCalls(stage);
  await sleep(2000);
  const after = {apply: await loop.apply(), merge: await loop.merge()};
  const apply = (before.apply + after.apply) / 2;
  const merge = (before.merge + after.merge) / 2;
  const rate = (rotation.writes * 1000) / rotation.milliseconds;
  row('a bare loop of server-side applies, before and after', `${before.apply.toFixed(0)}/s and ${after.apply.toFixed(0)}/s`);
  row('a bare loop of merge patches, before and after', `${before.merge.toFixed(0)}/s and ${after.merge.toFixed(0)}/s`);
  row(
    `a rotation over ${names.length} namespaces`,
    `${(rotation.milliseconds / 1000).toFixed(1)} s, ${rate.toFixed(0)}/s: ${percent(rate / apply)} of bare applies, ${percent(rate / merge)} of bare merge patches`,
    'at least 80 % of bare updates',
  );
  row('from due to the first write; writes', `${rotation.untilFirst.toFixed(0)} ms; ${rotation.writes}`);
  row('processor time meanwhile', cost.cpu);
  row('token calls in a rotation', `${calls}`, '1');
  row('pulls tried during the rotation, and refused', `${rotation.looks}, and ${rotation.invalid.length}`, '0 refused');
}

async function measureNewWhileRotating(bench: Bench): Promise<void> {
  const {fleet} = bench;
  const rotating = fleet.rotate([...fleet.times.secret.keys()], 600);
  await measureNew(bench, 'rotating', 'p99 under 1 s');
  const {looks, invalid, milliseconds} = await rotating;
  bench.row(
    'that rotation; pulls tried, and refused',
    `${(milliseconds / 1000).toFixed(1)} s; ${looks}, and ${invalid.length}`,
    '0 refused',
  );
}

/** Wall time of some work, and what each process used meanwhile. */
async function costOf({stage, operator}: Bench, work: () => Promise<unknown>): Promise<{readonly seconds: number; readonly cpu: string}> {
  const parts = processesOf(stage.cluster.directory).map((pid) => [nameOf(pid), pid] as const);
  const pids = {operator: operator.pid, ...Object.fromEntries(parts), bench: process.pid};
  const before = cpuOf(pids);
  const took = await seconds(work);
  const used = cpuSince(before, cpuOf(pids));
  const shares = Object.entries(used).map(([part, spent]) => `${part} ${percent(spent / took)}`);
  return {seconds: took, cpu: `of one core: ${shares.join(', ')}`};
}

async function walksOf(operator: Operator): Promise<{readonly count: number; readonly seconds: number}> {
  const labels = {controller};
  return {
    count: await metric(operator, 'controller_runtime_reconcile_time_seconds_count', labels),
    seconds: await metric(operator, 'controller_runtime_reconcile_time_seconds_sum', labels),
  };
}

async function writesOf(operator: Operator): Promise<number> {
  const counts = await Promise.all(['PATCH', 'POST', 'DELETE'].map((method) => metric(operator, 'rest_client_requests_total', {method})));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function tokenCalls({cloud}: Stage): Promise<number> {
  return (await cloud.calls()).filter(({operation}) => operation === 'GetAuthorizationToken').length;
}

async function settled(kube: Kube): Promise<void> {
  await eventually('the ClusterPullSecret is Ready', async () => {
    const {conditions = []} = ((await kube.get({type: clusterPullSecrets, name}))?.['status'] ?? {}) as {
      readonly conditions?: readonly {type: string; status: string}[];
    };
    return conditions.some(({type, status}) => type === 'Ready' && status === 'True');
  });
}

/** Secrets are not renewed before a tenth of their life is over. */
async function untilRotatable(tokenSeconds: number, kube: Kube): Promise<void> {
  await settled(kube);
  const status = (await kube.get({type: clusterPullSecrets, name}))?.['status'] as {
    readonly registries: readonly {readonly refreshedAt: string}[];
  };
  const since = Date.parse(status.registries[0]?.refreshedAt ?? '');
  await sleep(Math.max(0, since + tokenSeconds * 105 - Date.now()));
}

function figures(sorted: readonly number[]): string {
  return `p50 ${percentile(sorted, 50).toFixed(0)} ms, p99 ${percentile(sorted, 99).toFixed(0)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
