import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import {leases} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {operatorNamespace, type Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';

const ns = 'leading';
const leaseSeconds = 3;
const flags = [`--lease-seconds=${leaseSeconds}`, '--log-level=debug'];

let scene: Scene;
let first: Operator;
let second: Operator;

test.before(async () => {
  scene = await startScene();
  await scene.namespace(ns);
  first = await scene.stage.operator({flags, name: 'operator'});
  await holder('operator');
  second = await scene.stage.operator({flags, name: 'second'});
  await eventually('the second is ready', async () => (await fetch(`${second.healthUrl}/readyz`)).status === 200);
});

test.after.always(async () => {
  await scene?.stop();
});

interface Seen {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
}

async function lease(): Promise<Seen> {
  const object = await scene.kube.get({type: leases, namespace: operatorNamespace, name: 'drayage'});
  return object?.['spec'] ?? {};
}

/** Waits until an operator of this name holds the lease. Seconds since the call. */
async function holder(name: string, seconds = 30): Promise<number> {
  const from = performance.now();
  const isHolder = async () => (await lease()).holderIdentity?.startsWith(`${name}_`);
  await eventually(`${name} leads`, isHolder, {seconds, everyMs: 20});
  return (performance.now() - from) / 1000;
}

/** Seconds until a new Repository is ready: somebody acts. */
async function acts(name: string, seconds = 30): Promise<number> {
  const from = performance.now();
  await scene.ready(await scene.repository(ns, name), seconds);
  return (performance.now() - from) / 1000;
}

async function isLeading({metricsUrl}: Operator): Promise<boolean> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  return /^leader_election_master_status\{[^}]*\} 1$/m.test(text);
}

test.serial('the Lease says what --lease-seconds says', async (t) => {
  t.is((await lease()).leaseDurationSeconds, leaseSeconds);
});

test.serial('of two replicas one acts, and the other is ready to', async (t) => {
  await acts('of-one');
  t.true(await isLeading(first));
  t.false(await isLeading(second));
  t.notRegex(await second.log(), /walk ended/);
  const calls = await scene.calls(new Date(0));
  const who = new Set(calls.flatMap(({service, principal}) => (service === 'ecr' && principal !== undefined ? [principal] : [])));
  t.deepEqual(
    [...who].map((arn) => arn.split('/').at(-1)),
    ['drayage-operator'],
  );
});

test.serial('SIGTERM gives the lease up, and the other replica acts within two seconds', async (t) => {
  const from = performance.now();
  const stopping = first.stop();
  await holder('second', 10);
  const taken = (performance.now() - from) / 1000;
  await acts('after-sigterm');
  const acted = (performance.now() - from) / 1000;
  t.log(`lease taken after ${taken.toFixed(2)} s, a new Repository ready ${acted.toFixed(2)} s after SIGTERM`);
  t.true(acted < 2, `${acted}`);
  t.is(await stopping, 0);
});

test.serial('a replica that starts later stands by', async (t) => {
  first = await scene.stage.operator({flags, name: 'operator'});
  await eventually('it is ready', async () => (await fetch(`${first.healthUrl}/readyz`)).status === 200);
  await sleep(1000);
  t.false(await isLeading(first));
  t.true(await isLeading(second));
});

test.serial('after SIGKILL the other takes over when the lease has run out, and the killed one comes back as standby', async (t) => {
  const from = performance.now();
  await second.kill();
  const ref = await scene.repository(ns, 'orphaned');
  await holder('operator', 30);
  const taken = (performance.now() - from) / 1000;
  await scene.ready(ref);
  const acted = (performance.now() - from) / 1000;
  t.log(`lease taken after ${taken.toFixed(2)} s, a Repository of meanwhile ready after ${acted.toFixed(2)} s`);
  // The lease, and the pause between two looks at it with its jitter (at most a third of the lease).
  t.true(taken < leaseSeconds + 2.5, `${taken}`);
  second = await scene.stage.operator({flags, name: 'second'});
  await eventually('it is ready', async () => (await fetch(`${second.healthUrl}/readyz`)).status === 200);
  await sleep(1000);
  t.false(await isLeading(second));
  t.true(await isLeading(first));
});

test.serial('a leader that does not reach the API server for as long as its lease ends itself', async (t) => {
  await second.stop();
  const {cluster} = scene.stage;
  cluster.pauseApiServer();
  const from = performance.now();
  try {
    t.is(await Promise.race([first.exited, sleep(leaseSeconds * 1000 + 5000, 'still running')]), 1);
    t.log(`ended after ${((performance.now() - from) / 1000).toFixed(1)} s`);
  } finally {
    cluster.resumeApiServer();
  }
  first = await scene.stage.operator({flags, name: 'operator'});
  second = await scene.stage.operator({flags, name: 'second'});
  await holder('operator');
});

test.after('after all that both run, and their logs hold no credential', async (t) => {
  for (const operator of [first, second]) t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  t.deepEqual(await scene.leaks([await first.log(), await second.log()]), []);
});
