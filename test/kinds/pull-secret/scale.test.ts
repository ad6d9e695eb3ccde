import test from 'ava';
import {clusterPullSecret as kind} from '../../../src/kinds/pull-secret/index.ts';
import type {Source} from '../../../src/kinds/kind.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {Cluster, pullSecret} from './cluster.ts';

const count = 5000;

test(`a walk over ${count} namespaces that are settled takes no call, no step, and little time`, async (t) => {
  const cluster = new Cluster();
  for (let n = 0; n < count; n++) cluster.namespace(`team-${n}`);
  const resource = pullSecret();
  const first = await timed(() => cluster.walk(resource));
  t.is(first.value.steps.length, 2 * count);
  t.is(cluster.tokenCalls, 1);
  const calls = cluster.calls.length;

  // The engine's copies are projected once, when an event comes; not at every walk.
  const copies = new Map<string, readonly KubeObject[]>();
  const list = (source: Source): readonly KubeObject[] => {
    const copy = copies.get(source.name) ?? cluster.doors.cache.list(source);
    copies.set(source.name, copy);
    return copy;
  };
  const doors = {...cluster.doors, cache: {...cluster.doors.cache, list}};
  await kind.observe(resource, doors);
  const seen = await timed(() => kind.observe(resource, doors));
  const now = doors.now();
  const planned = await timed(() => kind.plan(resource, seen.value, now));
  const shown = await timed(() => kind.status(resource, seen.value, planned.value.then, now));
  t.deepEqual(planned.value.steps, []);
  t.like(shown.value.fields, {namespaces: {selected: count, ready: count, failed: 0}});
  t.is(cluster.calls.length, calls);

  cluster.now += planned.value.then.seconds! * 1000;
  const due = await kind.observe(resource, doors);
  const rotation = await timed(() => kind.plan(resource, due, doors.now()));
  t.like(rotation.value, {isPart: true, then: {is: 'waiting', reason: 'Writing'}});
  t.is(rotation.value.steps.length, 200, 'the rest is planned when these are done');
  t.is(cluster.tokenCalls, 2);
  t.log(
    `first walk with writes in memory ${first.ms} ms; settled: observe ${seen.ms} ms, plan ${planned.ms} ms, status ${shown.ms} ms; ` +
      `plan of a rotation ${rotation.ms} ms`,
  );
  t.true(seen.ms + planned.ms + shown.ms < 2000, 'far from the minutes that a call for each namespace would take');
});

test('namespaces that refuse are asked once in a walk, however many parts it has, and the others are all served', async (t) => {
  const cluster = new Cluster();
  const names = Array.from({length: 1200}, (_, n) => `team-${n}`);
  for (const name of names) cluster.namespace(name);
  cluster.fault = (call, {namespace}) =>
    call === 'apply' && isRefusing(namespace) ? {is: 'stalled', reason: 'AdmissionDenied', message: 'exceeded quota'} : undefined;
  const {outcome, report} = await cluster.walk(pullSecret());
  t.like(outcome, {is: 'stalled', reason: 'NamespacesFailed'});
  t.like(report.fields, {namespaces: {selected: 1200, ready: 600, failed: 600}});
  const writes = cluster.calls.filter((call) => call.startsWith('apply'));
  t.is(writes.length, 1200);
  t.is(new Set(writes).size, 1200);
});

test('a registry that refuses is not asked again in each part of a walk', async (t) => {
  const cluster = new Cluster();
  for (let n = 0; n < 1200; n++) cluster.namespace(`team-${n}`);
  cluster.refusals.set('210987654321', {is: 'stalled', reason: 'AccessDenied', message: 'no'});
  const {outcome, report} = await cluster.walk(pullSecret({registries: [{}, {accountId: '210987654321'}]}));
  t.like(outcome, {is: 'stalled', reason: 'AccessDenied'});
  t.like(report.fields, {namespaces: {selected: 1200, ready: 0, failed: 0}});
  t.is(cluster.tokenCalls, 3, 'one for the other registry; and here, where no refusal is shared, one for an older token too');
});

function isRefusing(namespace = ''): boolean {
  return Number(namespace.slice(5)) % 2 === 0;
}

async function timed<T>(work: () => T | Promise<T>): Promise<{readonly value: T; readonly ms: number}> {
  const begin = performance.now();
  const value = await work();
  return {value, ms: Math.round((performance.now() - begin) * 10) / 10};
}
