import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {clusters, taskDefinitions, tasks} from '../../src/schema/types.ts';
import type {Behaviour, Given} from '../conformance/behaviour.ts';
import {lanes} from '../conformance/lanes.ts';
import {cell, pageFile, pageOf, verdictsOn} from '../conformance/page.ts';
import {Refused, sceneOf, shown, type Scene} from '../conformance/scene.ts';
import {allowedResources, storesIn, type Store} from '../conformance/stored.ts';
import {themes} from '../conformance/themes.ts';
import {rowOf, type Row} from '../conformance/verdict.ts';
import {onNode} from '../support/on-node.ts';
import {loginTo, pushBusybox} from '../support/push.ts';

const writes = process.env['DRAYAGE_WRITE_CONFORMANCE'] === '1';
/** For work on a few: a pattern of their ids. */
const only = new RegExp(process.env['DRAYAGE_CONFORMANCE'] ?? '');

const behaviours = themes.flatMap((theme) => theme.behaviours);
const inLane = lanes(12);
const rows = new Map<string, Row>();
const committed = await readFile(pageFile, 'utf8').then(verdictsOn, () => undefined);

const node = onNode({
  repository: 'shop/app',
  tags: {
    '1': {},
    entry: {
      Entrypoint: ['sh', '-c', 'echo "entry $0"; echo "-- end --"; exec sleep 3600'],
      Cmd: ['cmd'],
      Env: ['PATH=/bin', 'CONTENT=image'],
    },
  },
});
const {run, opened} = node;
let stores: Promise<(id: string) => Store> | undefined;

/** Where behaviours have things in AWS, and the Cluster whose tasks may read them. */
async function madeStores(): Promise<(id: string) => Store> {
  const {apiVersion, kind} = clusters;
  const spec = {secrets: {allowedResources}};
  await node.stage.cluster.apply(JSON.stringify({apiVersion, kind, metadata: {name: 'conformance'}, spec}));
  return storesIn(node.stage.cloud);
}

test('every behaviour has an id and a title of its own', (t) => {
  t.deepEqual(
    [...new Set(behaviours.map(({id}) => id))],
    behaviours.map(({id}) => id),
  );
  t.deepEqual(
    [...new Set(behaviours.map(({title}) => title))],
    behaviours.map(({title}) => title),
  );
  t.true(behaviours.length >= 40);
});

for (const behaviour of behaviours.toSorted((a, b) => Number(b.slow ?? false) - Number(a.slow ?? false))) {
  if (!only.test(behaviour.id)) continue;
  run(`${behaviour.id}: ${behaviour.title}`, async (t) => {
    const row = await inLane(behaviour.pods ?? 1, async () => measured(behaviour));
    rows.set(behaviour.id, row);
    t.log(`${row.verdict}: ${row.here} ${row.why}`);
    if (writes) t.pass();
    else
      t.deepEqual(
        {verdict: row.verdict, why: row.why},
        committed?.get(cell(behaviour.title)),
        `${pageFile} says otherwise; in ECS “${behaviour.ecs.does}”, here “${row.here}”`,
      );
  });
}

test.after('the page', async () => {
  if (!writes || node.problem !== undefined) return;
  const {code, stdout, stderr} = await node.stage.cluster.kubectl(['version', '-o', 'json']);
  if (code !== 0) throw new Error(stderr);
  const {serverVersion} = JSON.parse(stdout) as {readonly serverVersion: {readonly gitVersion: string}};
  const known = await readFile(pageFile, 'utf8').catch(() => '');
  if (rows.size < behaviours.length)
    throw new Error(`Only ${rows.size} of ${behaviours.length} were measured; ${pageFile} stays as it is (${known.length} characters).`);
  await writeFile(pageFile, pageOf(themes, rows, serverVersion.gitVersion));
});

async function measured(behaviour: Behaviour): Promise<Row> {
  const place = await opened(behaviour.id);
  stores ??= madeStores();
  const {held, put: store} = (await stores)(behaviour.id);
  const given: Given = {
    image: node.image,
    folder: path.join(node.stage.directory, 'shared', behaviour.id),
    held,
  };
  const push = (tag: string, content: string) =>
    pushBusybox(node.stage.cloud, `shop/app:${tag}`, {Cmd: ['sh'], Env: ['PATH=/bin', `CONTENT=${content}`]});
  for (const tag of behaviour.tags ?? []) await push(tag, 'old');
  const {stored} = behaviour;
  if (stored !== undefined) await store(typeof stored === 'function' ? stored(await loginTo(node.stage.cloud)) : stored);
  const scene = sceneOf({behaviour, place, person: node.person, cluster: node.stage.cluster, given, push, store});
  try {
    return rowOf(behaviour, await seen(behaviour, scene));
  } catch (error) {
    const objects = [...(await scene.pods()), ...(await place.list(taskDefinitions)), ...(await place.list(tasks))];
    throw new Error(`${(error as Error).message}\n${shown(objects)}`, {cause: error});
  } finally {
    await place.delete(taskDefinitions, 'app');
    await place.delete(tasks, 'app');
  }
}

async function seen({task, service, observe}: Behaviour, scene: Scene): Promise<Parameters<typeof rowOf>[1]> {
  try {
    await scene.apply(typeof task === 'function' ? task(scene.given) : task, service);
    return {here: await observe(scene), notes: await scene.notes()};
  } catch (error) {
    if (error instanceof Refused) return {refused: error.reasons};
    throw error;
  }
}
