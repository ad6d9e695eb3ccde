import test from 'ava';
import {secrets} from '../../src/schema/types.ts';
import {createPullSecret, percentile, spans, startFleet, type Fleet} from '../support/pull-secret-fleet.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {eventually} from '../support/eventually.ts';

/** The bench has 5,000; this many show the same promises. */
const count = Number(process.env['DRAYAGE_SCALE_NAMESPACES'] ?? 300);
const tokenSeconds = 60 + Math.ceil(count * 0.15);
const names = Array.from({length: count}, (_, index) => `fleet-${index}`);

let scene: Scene;
let fleet: Fleet;

test.before(async () => {
  scene = await startScene({tokenSeconds});
  const operator = await scene.stage.operator({flags: ['--leader-elect=false']});
  await eventually('ready', async () => (await fetch(`${operator.healthUrl}/readyz`)).ok);
  fleet = await startFleet(scene.stage, scene.kube, 'fleet');
  await fleet.grow(names);
  await fleet.accounts(names, 120);
});

test.after.always(async () => {
  await fleet?.stop();
  await scene?.stop();
});

test.serial(`${count} namespaces are served with one token`, async (t) => {
  const begin = new Date();
  await createPullSecret(scene.kube, fleet.name);
  await fleet.served(names, 300);
  t.is(await tokenCalls(begin), 1);
});

test.serial('namespaces that come ten a second have their Secret within a second', async (t) => {
  const fresh = Array.from({length: 50}, (_, index) => `fresh-${index}`);
  await fleet.grow(fresh, 10);
  await fleet.served(fresh, 60);
  const {asked, secret} = fleet.times;
  const times = spans(fresh, asked, secret);
  t.log(`p50 ${percentile(times, 50).toFixed(0)} ms, p99 ${percentile(times, 99).toFixed(0)} ms`);
  t.true(percentile(times, 99) < 1000);
});

test.serial('a rotation writes each Secret once, in place, with one token, and no pull is refused meanwhile', async (t) => {
  const all = [...fleet.times.secret.keys()];
  // Secrets are not renewed before a tenth of their life is over.
  const first = await scene.kube.get({type: secrets, namespace: names[0] ?? '', name: 'ecr-pull'});
  const expiresAt = Date.parse(first?.metadata.annotations?.['ecr.drayage.dev/expires-at'] ?? '');
  const isRotatable = () => Promise.resolve(expiresAt - Date.now() < tokenSeconds * 890);
  await eventually('a tenth of their life is over', isRotatable, {seconds: tokenSeconds});
  const begin = new Date();
  const {milliseconds, looks, invalid, writes} = await fleet.rotate(all, 300);
  t.log(`${all.length} Secrets in ${(milliseconds / 1000).toFixed(1)} s; ${looks} pulls tried`);
  t.is(writes, all.length);
  t.is(await tokenCalls(begin), 1);
  t.true(looks > 10);
  t.deepEqual(invalid, []);
  t.deepEqual(fleet.recreated(), []);
});

async function tokenCalls(since: Date): Promise<number> {
  return (await scene.calls(since)).filter(({operation}) => operation === 'GetAuthorizationToken').length;
}
