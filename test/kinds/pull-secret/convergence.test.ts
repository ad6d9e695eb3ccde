import test, {type ExecutionContext} from 'ava';
import * as fc from 'fast-check';
import type {KubeObject} from '../../../src/schema/object.ts';
import {Cluster, denied, hour, pullSecret} from './cluster.ts';

const places = ['a', 'b', 'c', 'd'] as const;
const place = fc.constantFrom(...places);

/** What users, other controllers, AWS and time may do between two walks, or in the midst of one. */
const act = fc.oneof(
  fc.record({is: fc.constant('delete the secret' as const), place}),
  fc.record({is: fc.constant('edit the secret' as const), place}),
  fc.record({is: fc.constant('strip the secret' as const), place}),
  fc.record({is: fc.constant('write a ServiceAccount' as const), place, entries: fc.uniqueArray(fc.constantFrom('docker-hub', 'quay'))}),
  fc.record({is: fc.constant('delete the ServiceAccount' as const), place}),
  fc.record({is: fc.constant('label the namespace' as const), place, tier: fc.constantFrom('prod', 'test')}),
  fc.record({is: fc.constant('put a foreign secret' as const), place}),
  fc.record({is: fc.constant('let time pass' as const), hours: fc.constantFrom(0.1, 3, 6, 11, 13)}),
  fc.record({is: fc.constant('refuse tokens' as const), who: fc.constantFrom('own', '210987654321', '*')}),
  fc.constant({is: 'give tokens' as const}),
  fc.constant({is: 'restart' as const}),
  fc.record({
    is: fc.constant('break the call' as const),
    nth: fc.nat({max: 8}),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  fc.record({is: fc.constant('rename' as const), secretName: fc.constantFrom('ecr-pull', 'pull-2')}),
);
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

const one = [{}];
const two = [{}, {accountId: '210987654321'}];

for (const [title, registries] of [
  ['one registry', one],
  ['two registries', two],
] as const) {
  test(`whatever happens, with ${title}: nothing of others changes, no good secret gets worse, and in the end all is well`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, {maxLength: 25}), async (acts) => {
        const cluster = new Cluster();
        for (const name of places) cluster.namespace(name, {tier: 'prod'});
        let spec = {registries, namespaceSelector: {matchLabels: {tier: 'prod'}}, secretName: 'ecr-pull'};
        const foreign = new Map<string, KubeObject>();
        for (const next of acts) {
          if (next.is === 'rename') spec = {...spec, secretName: next.secretName};
          else happen(cluster, next, foreign);
          await walkOnce(t, cluster, spec, foreign);
        }
        cluster.fault = undefined;
        cluster.refusals.clear();
        await cluster.walk(pullSecret(spec));
        const {steps, left, outcome} = await cluster.walk(pullSecret(spec));
        const isServed = (name: string): boolean => isSelected(cluster, name) && !foreign.has(`${name}/${spec.secretName}`);
        t.deepEqual(
          [...steps, ...left].filter(({namespace}) => isServed(namespace) || !isSelected(cluster, namespace)),
          [],
        );
        t.is(outcome.is, places.every((name) => isServed(name) || !isSelected(cluster, name)) ? 'settled' : 'stalled');
        for (const name of places) {
          if (isServed(name) || isInSight(cluster, name, spec.secretName))
            t.is(isGood(cluster, name, spec.secretName), isServed(name), `${name} at the end`);
          const hasAccount = cluster.find('ServiceAccount', 'default', name) !== undefined;
          if (isServed(name) && hasAccount) t.true(cluster.pullSecretsOf(name).includes(spec.secretName));
        }

        const gone = await cluster.walk(pullSecret(spec, {deletionTimestamp: new Date(cluster.now).toISOString()}));
        t.deepEqual([gone.outcome.is, gone.left], ['settled', []]);
        // What lost its labels is out of sight: the garbage collector takes it, by its owner reference.
        const kept = [...cluster.objects.values()].filter(({metadata}) => metadata.labels?.['ecr.drayage.dev/cluster-pull-secret']);
        t.deepEqual(kept, []);
        for (const name of places) {
          t.deepEqual(
            cluster.pullSecretsOf(name).filter((entry) => !['docker-hub', 'quay'].includes(entry)),
            [],
          );
        }
      }),
      {numRuns: 300},
    );
  });
}

async function walkOnce(
  t: ExecutionContext,
  cluster: Cluster,
  spec: {readonly secretName: string},
  foreign: ReadonlyMap<string, KubeObject>,
): Promise<void> {
  const entries = new Map(places.map((name) => [name, theirs(cluster, name)]));
  const good = places.filter((name) => isSelected(cluster, name) && isGood(cluster, name, spec.secretName));
  await cluster.walk(pullSecret(spec));
  for (const [id, object] of foreign) t.is(cluster.find('Secret', id.split('/')[1] ?? '', id.split('/')[0]), object as never);
  for (const name of places) t.deepEqual(theirs(cluster, name), entries.get(name));
  for (const name of good) t.true(isGood(cluster, name, spec.secretName), `${name} had a good secret`);
}

function happen(cluster: Cluster, next: Exclude<Act, {is: 'rename'}>, foreign: Map<string, KubeObject>): void {
  if (next.is === 'let time pass') cluster.now += next.hours * hour;
  else if (next.is === 'refuse tokens') cluster.refusals.set(next.who, denied());
  else if (next.is === 'give tokens') cluster.refusals.clear();
  else if (next.is === 'restart') cluster.restart();
  else if (next.is === 'break the call') breakCall(cluster, next.nth, next.when);
  else if (next.is === 'label the namespace') {
    cluster.put({apiVersion: 'v1', kind: 'Namespace', metadata: {name: next.place, labels: {tier: next.tier}}});
  } else if (next.is === 'write a ServiceAccount') cluster.account(next.place, 'default', next.entries);
  else if (next.is === 'delete the ServiceAccount') cluster.remove('ServiceAccount', 'default', next.place);
  else if (!foreign.has(`${next.place}/ecr-pull`)) touchSecret(cluster, next, foreign);
}

function touchSecret(
  cluster: Cluster,
  next: {readonly is: 'delete the secret' | 'edit the secret' | 'strip the secret' | 'put a foreign secret'; readonly place: string},
  foreign: Map<string, KubeObject>,
): void {
  const secret = cluster.find('Secret', 'ecr-pull', next.place);
  if (next.is === 'put a foreign secret') {
    cluster.remove('Secret', 'ecr-pull', next.place);
    const metadata = {name: 'ecr-pull', namespace: next.place};
    const object = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'kubernetes.io/dockerconfigjson',
      data: {'.dockerconfigjson': 'e30='},
    };
    foreign.set(`${next.place}/ecr-pull`, cluster.put(object, 'kubectl'));
  } else if (next.is === 'delete the secret') cluster.remove('Secret', 'ecr-pull', next.place);
  else if (secret && next.is === 'edit the secret') cluster.put({...secret, data: {'.dockerconfigjson': 'e30='}}, 'kubectl');
  else if (secret) cluster.put({...secret, metadata: {...secret.metadata, labels: {}, annotations: {}}}, 'drayage-team');
}

function breakCall(cluster: Cluster, nth: number, when: 'before' | 'after'): void {
  let count = 0;
  cluster.fault = (_call, _ref, at) => {
    if (at !== when || count++ !== nth) return undefined;
    cluster.fault = undefined;
    return {is: 'failed', reason: 'ApiServerUnavailable', message: 'connection reset'};
  };
}

function isSelected(cluster: Cluster, name: string): boolean {
  return cluster.find('Namespace', name)?.metadata.labels?.['tier'] === 'prod';
}

/** Whether it has our labels: without them a Secret is left to the garbage collector, which takes it with its owner. */
function isInSight(cluster: Cluster, namespace: string, name: string): boolean {
  return cluster.find('Secret', name, namespace)?.metadata.labels?.['ecr.drayage.dev/cluster-pull-secret'] !== undefined;
}

/** Whether pulls from the operator's own registry succeed with it. */
function isGood(cluster: Cluster, namespace: string, name: string): boolean {
  const {auths} = JSON.parse(cluster.contents(namespace, name) ?? '{}') as {auths?: Record<string, {password: string}>};
  return Object.values(auths ?? {}).some(({password}) => cluster.isLive(password));
}

function theirs(cluster: Cluster, namespace: string): readonly string[] {
  return cluster.pullSecretsOf(namespace).filter((name) => ['docker-hub', 'quay'].includes(name));
}
