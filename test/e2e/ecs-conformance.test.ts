import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {CreateRepositoryCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import {clusterPullSecrets, taskDefinitions} from '../../src/schema/types.ts';
import {realNodeProblem} from '../cluster/real-node.ts';
import type {Behaviour, Given} from '../conformance/behaviour.ts';
import {lanes} from '../conformance/lanes.ts';
import {cell, pageFile, pageOf, verdictsOn} from '../conformance/page.ts';
import {described, Refused, sceneOf, type Scene} from '../conformance/scene.ts';
import {themes} from '../conformance/themes.ts';
import {rowOf, type Row} from '../conformance/verdict.ts';
import {eventually} from '../support/eventually.ts';
import {personOf, type Person, type Place} from '../support/place.ts';
import {pushBusybox} from '../support/push.ts';
import {startStage, type Stage} from '../support/stage.ts';

const problem = realNodeProblem();
const run = problem === undefined ? test : test.skip;
const titled = (title: string): string => (problem === undefined ? title : `${title} (skipped: ${problem})`);
const writes = process.env['DRAYAGE_WRITE_CONFORMANCE'] === '1';
/** For work on a few: a pattern of their ids. */
const only = new RegExp(process.env['DRAYAGE_CONFORMANCE'] ?? '');

const behaviours = themes.flatMap((theme) => theme.behaviours);
const inLane = lanes(12);
const rows = new Map<string, Row>();
const committed = await readFile(pageFile, 'utf8').then(verdictsOn, () => undefined);

let stage: Stage;
let person: Person;

test.before(async () => {
  if (problem !== undefined) return;
  stage = await startStage({nodes: 'real'});
  const {cluster, cloud} = stage;
  person = personOf(cluster);
  await stage.operator();
  await cloud.ecr.send(new CreateRepositoryCommand({repositoryName: 'shop/app'}));
  await pushBusybox(cloud, 'shop/app:1');
  const entry = ['sh', '-c', 'echo "entry $0"; echo "-- end --"; exec sleep 3600'];
  await pushBusybox(cloud, 'shop/app:entry', {Entrypoint: entry, Cmd: ['cmd'], Env: ['PATH=/bin', 'CONTENT=image']});
  await cluster.apply(
    JSON.stringify({apiVersion: clusterPullSecrets.apiVersion, kind: clusterPullSecrets.kind, metadata: {name: 'ecr'}, spec: {}}),
  );
  await person.kubectl('wait', '--for=condition=Ready', 'clusterpullsecret/ecr', '--timeout=60s');
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

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
  run(titled(`${behaviour.id}: ${behaviour.title}`), async (t) => {
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
  if (!writes || problem !== undefined) return;
  const {code, stdout, stderr} = await stage.cluster.kubectl(['version', '-o', 'json']);
  if (code !== 0) throw new Error(stderr);
  const {serverVersion} = JSON.parse(stdout) as {readonly serverVersion: {readonly gitVersion: string}};
  const known = await readFile(pageFile, 'utf8').catch(() => '');
  if (rows.size < behaviours.length)
    throw new Error(`Only ${rows.size} of ${behaviours.length} were measured; ${pageFile} stays as it is (${known.length} characters).`);
  await writeFile(pageFile, pageOf(themes, rows, serverVersion.gitVersion));
});

async function measured(behaviour: Behaviour): Promise<Row> {
  const place = await opened(behaviour.id);
  const given: Given = {
    image: (tag) => `${stage.cloud.registryHost}/shop/app:${tag}`,
    folder: path.join(stage.directory, 'shared', behaviour.id),
  };
  const push = (tag: string, content: string) =>
    pushBusybox(stage.cloud, `shop/app:${tag}`, {Cmd: ['sh'], Env: ['PATH=/bin', `CONTENT=${content}`]});
  for (const tag of behaviour.tags ?? []) await push(tag, 'old');
  const scene = sceneOf({behaviour, place, person, cluster: stage.cluster, given, push});
  try {
    return rowOf(behaviour, await seen(behaviour, scene));
  } catch (error) {
    const objects = [...(await scene.pods()), ...(await place.list(taskDefinitions))];
    throw new Error(`${(error as Error).message}\n${described(objects)}`, {cause: error});
  } finally {
    await place.delete(taskDefinitions, 'app');
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

/** A namespace in which pods can pull. */
async function opened(name: string): Promise<Place> {
  const place = await person.place(name);
  await eventually('the account names the pull secret', async () => {
    const account = await place.get({apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true}, 'default');
    return JSON.stringify(account?.['imagePullSecrets'] ?? []).includes('ecr-pull');
  });
  return place;
}
