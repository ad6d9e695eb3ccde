import * as fc from 'fast-check';
import test from 'ava';
import {yamlText} from '../../src/generate/text.ts';
import {createKube} from '../../src/kube/client.ts';
import {loadConfig} from '../../src/kube/config.ts';
import {KubeError} from '../../src/kube/errors.ts';
import type {Kube} from '../../src/kube/kube.ts';
import {createTransport, type Transport} from '../../src/kube/transport.ts';
import {kinds as real} from '../../src/kinds/registry.ts';
import {customResourceDefinition} from '../../src/schema/crd.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {toStructural} from '../../src/schema/structural.ts';
import {startCluster, type Cluster} from '../cluster/start.ts';
import {near} from '../schema/arbitrary.ts';
import {lighthouse, LighthouseSpec} from '../schema/lighthouse.ts';
import {realDoors} from '../support/kube-clients.ts';

let cluster: Cluster | undefined;
let transport: Transport | undefined;
let kube: Kube;

test.before(async () => {
  cluster = await startCluster({nodes: 0});
  transport = createTransport({version: 'test', config: loadConfig({env: {}, kubeconfig: cluster.kubeconfig}), doors: realDoors});
  kube = createKube(transport);
  for (const definition of [lighthouse, ...real.map(({definition}) => definition)]) {
    const crd = customResourceDefinition(definition);
    await cluster.apply(yamlText(crd));
    await cluster.kubectl(['wait', '--for=condition=Established', `crd/${crd.metadata.name}`, '--timeout=60s']);
  }
});

test.after.always(async () => {
  await transport?.close();
  await cluster?.stop();
});

test('the API server takes the CRD of every kind, and lists an object in it', async (t) => {
  for (const definition of [lighthouse, ...real.map(({definition}) => definition)]) {
    const {items} = await kube.list(definition);
    t.deepEqual(items, [], definition.kind);
  }
});

test('a new object is filled in, and not yet looked at', async (t) => {
  const {spec, status} = await create('filled-in', undefined);
  t.deepEqual(spec, LighthouseSpec.parse({}));
  t.deepEqual(status, {observedGeneration: -1});
});

const changes: Readonly<Record<string, readonly [before: object, after: object, refused: RegExp]>> = {
  'an immutable field is changed': [{site: 'cape'}, {site: 'bay'}, /spec\.site.*is immutable/],
  'an optional immutable field is added': [{}, {site: 'bay'}, /site is immutable: it can neither be added nor removed/],
  'an optional immutable field is removed': [{site: 'cape'}, {site: null}, /site is immutable: it can neither be added nor removed/],
  'an immutable field of an item is changed': [
    {keepers: [{name: 'ann', since: 1900}]},
    {keepers: [{name: 'ann', since: 1901}]},
    /spec\.keepers\[0\]\.since.*is immutable/,
  ],
  'a rule is broken': [{}, {light: 'Flashing'}, /spec\.period.*period belongs to Flashing, and only to it/],
  'two items share a key': [
    {},
    {
      keepers: [
        {name: 'ann', since: 1900},
        {name: 'ann', since: 1900},
      ],
    },
    /Duplicate value/,
  ],
};

for (const [index, [name, [before, after, refused]]] of Object.entries(changes).entries()) {
  test(`the API server refuses it when ${name}`, async (t) => {
    const {metadata} = await create(`change-${index}`, before);
    const error = await t.throwsAsync(kube.merge({type: lighthouse, ...metadata}, {spec: after}), {instanceOf: KubeError});
    t.is(error?.status, 422);
    t.regex(error?.message ?? '', refused);
  });
}

test('whatever the API server stores can be read, and whatever can be read it stores', async (t) => {
  const specs = fc.sample(near(toStructural(LighthouseSpec)), {numRuns: 1000, seed: 1});
  const stored = await Promise.all(
    specs.map((spec, index) =>
      create(`random-${index}`, spec).then(
        (object) => object,
        (error: unknown) => {
          if (error instanceof KubeError && (error.status === 422 || error.status === 400)) return undefined;
          throw error;
        },
      ),
    ),
  );
  for (const [index, object] of stored.entries()) {
    const read = LighthouseSpec.safeParse(specs[index]);
    if (object === undefined) {
      t.false(read.success, `refused, but can be read: ${JSON.stringify(specs[index])}`);
    } else {
      // The API server drops nulls before it stores; what zod thinks of them does not matter.
      const readBack = LighthouseSpec.safeParse(object.spec);
      t.true(readBack.success, `stored, but cannot be read: ${JSON.stringify(object.spec)}`);
      if (read.success) t.deepEqual(readBack.data, read.data);
    }
  }
  const accepted = stored.filter((object) => object !== undefined).length;
  t.true(accepted > 50 && accepted < 950, `${accepted} of 1000 were stored: both verdicts must be tried`);
});

function create(name: string, spec: unknown): Promise<KubeObject> {
  const {apiVersion, kind} = lighthouse;
  return kube.create(lighthouse, {apiVersion, kind, metadata: {name, namespace: 'default'}, ...(spec !== undefined && {spec})});
}
