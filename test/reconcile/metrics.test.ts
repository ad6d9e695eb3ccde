import {readFileSync} from 'node:fs';
import test from 'ava';
import {parse} from 'yaml';
import {clusterPullSecrets} from '../../src/schema/types.ts';
import {namedIn} from '../monitoring/promql.ts';
import {eventually} from '../support/eventually.ts';
import type {Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';

const flags = ['--lease-seconds=3'];
const ref = {type: clusterPullSecrets, name: 'ecr'};
const prefix = 'drayage_pull_secret_';

let scene: Scene;
let first: Operator;
let second: Operator;

test.before(async () => {
  scene = await startScene();
  first = await scene.stage.operator({flags, name: 'operator'});
  await eventually('the first leads', async () => /^leader_election_master_status\{.*\} 1$/m.test(await text(first)), {everyMs: 50});
  second = await scene.stage.operator({flags, name: 'second'});
  await eventually('the second is ready', async () => (await fetch(`${second.healthUrl}/readyz`)).status === 200);
  const {apiVersion, kind} = clusterPullSecrets;
  const spec = {namespaceSelector: {matchLabels: {'kubernetes.io/metadata.name': 'default'}}};
  await scene.kube.apply(clusterPullSecrets, {apiVersion, kind, metadata: {name: ref.name}, spec}, {fieldManager: 'tests'});
  await scene.ready(ref);
});

test.after.always(async () => {
  await scene?.stop();
});

async function text({metricsUrl}: Operator): Promise<string> {
  return (await fetch(`${metricsUrl}/metrics`)).text();
}

/** The series of pull secrets: `next_refresh_timestamp_seconds{…}` → value. */
async function series(operator: Operator): Promise<Readonly<Record<string, number>>> {
  const lines = (await text(operator)).split('\n').filter((line) => line.startsWith(prefix));
  return Object.fromEntries(lines.map((line) => line.slice(prefix.length).split(' ')).map(([name, value]) => [name, Number(value)]));
}

async function expected(): Promise<Readonly<Record<string, number>>> {
  const {status} = await scene.ready(ref);
  const {registries, nextRefresh} = status as unknown as {
    readonly registries: readonly {readonly registry: string; readonly expiresAt: string; readonly refreshedAt: string}[];
    readonly nextRefresh: string;
  };
  const whose = 'kind="ClusterPullSecret",namespace="",name="ecr"';
  const [entry] = registries;
  return {
    [`expiry_timestamp_seconds{${whose},registry="own.own"}`]: Date.parse(entry?.expiresAt ?? '') / 1000,
    [`refresh_timestamp_seconds{${whose},registry="own.own"}`]: Date.parse(entry?.refreshedAt ?? '') / 1000,
    [`next_refresh_timestamp_seconds{${whose}}`]: Date.parse(nextRefresh) / 1000,
    [`namespaces{${whose},state="selected"}`]: 1,
    [`namespaces{${whose},state="ready"}`]: 1,
    [`namespaces{${whose},state="failed"}`]: 0,
    [`refresh_failing{${whose}}`]: 0,
  };
}

test.serial('the leader serves the numbers of a pull secret, as its status has them, and the standby none', async (t) => {
  const wanted = await expected();
  t.deepEqual(await series(first), wanted);
  t.deepEqual(await series(second), {});
});

test.serial('every metric that an alert names is served', async (t) => {
  const file = parse(readFileSync('charts/drayage/files/alerts.yaml', 'utf8')) as {
    readonly groups: readonly {readonly rules: readonly {readonly expr: string}[]}[];
  };
  const named = file.groups.flatMap(({rules}) => rules.flatMap(({expr}) => namedIn(expr).selectors.map(({metric}) => metric)));
  t.true(named.length > 10);
  const served = await text(first);
  for (const metric of new Set(named)) t.regex(served, new RegExp(`^# TYPE ${metric} (?:gauge|counter)$`, 'm'));
});

test.serial('when the leader stops, the other shows them; and when the object goes, nobody does', async (t) => {
  const wanted = await expected();
  await first.stop();
  await eventually('the second shows them', async () => Object.keys(await series(second)).length > 0, {everyMs: 50});
  t.deepEqual(await series(second), wanted);
  await scene.kube.delete(ref);
  await scene.gone(ref);
  await eventually('nobody shows them', async () => Object.keys(await series(second)).length === 0, {seconds: 5, everyMs: 50});
});
