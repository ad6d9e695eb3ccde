import test from 'ava';
import {registry} from '../../../src/kinds/ecr-registry/index.ts';
import {RegistrySpec} from '../../../src/kinds/ecr-registry/schema.ts';
import {outcomeOf} from '../../../src/kinds/outcome.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import type {Resource} from '../../../src/schema/object.ts';
import {customResourceDefinition} from '../../../src/schema/crd.ts';

const now = new Date('2026-01-01T00:00:00Z');
const doors = {
  aws: {
    identity: () =>
      Promise.resolve({accountId: '123456789012', region: 'us-east-1', arn: 'arn:aws:sts::123456789012:assumed-role/drayage/pod'}),
  },
} as unknown as Doors;

function resourceOf(spec: unknown, status?: unknown): Resource<RegistrySpec> {
  return {apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'Registry', metadata: {name: 'default'}, spec: RegistrySpec.parse(spec), status};
}

test('default is there by itself, and is the account and region of the operator', async (t) => {
  const seed = resourceOf(registry.seed.spec);
  const observed = await registry.observe(seed, doors);
  const plan = registry.plan(seed, observed, now);
  t.deepEqual(plan.steps, []);
  t.like(plan.then, {is: 'settled', reason: 'Identified'});
  t.deepEqual(registry.status(seed, observed, plan.then, now).fields, {
    accountId: '123456789012',
    region: 'us-east-1',
    identityArn: 'arn:aws:sts::123456789012:assumed-role/drayage/pod',
    registryUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    registryUris: {
      ipv4: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
      dualStack: '123456789012.dkr-ecr.us-east-1.on.aws',
      fips: '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
    },
  });
});

test('another region is another registry', async (t) => {
  const resource = resourceOf({region: 'eu-west-1', accountId: '123456789012'});
  const observed = await registry.observe(resource, doors);
  t.like(registry.plan(resource, observed, now).then, {is: 'settled'});
  t.like(registry.status(resource, observed, {is: 'settled', reason: 'Identified', message: ''}, now).fields, {
    region: 'eu-west-1',
    registryUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  });
});

test('an account that is not the one of the operator stalls', async (t) => {
  const resource = resourceOf({accountId: '210987654321'});
  const {then} = registry.plan(resource, await registry.observe(resource, doors), now);
  t.like(then, {is: 'stalled', reason: 'AccountMismatch'});
  t.regex(then.message, /spec\.accountId is 210987654321, but the operator is arn:aws:sts::123456789012/);
});

test('while STS is down, the status stays as it was', (t) => {
  const known = {accountId: '123456789012', region: 'us-east-1', conditions: [{type: 'Ready'}], observedGeneration: 4};
  const {fields} = registry.status(resourceOf({}, known), undefined, outcomeOf(new Error('x')), now);
  t.deepEqual(fields, {accountId: '123456789012', region: 'us-east-1'});
});

test('the API server can be told all of it', (t) => {
  const crd = customResourceDefinition(registry.definition);
  t.is(crd.spec.scope, 'Cluster');
  const spec = crd.spec.versions[0].schema.openAPIV3Schema.properties?.['spec'];
  t.regex(JSON.stringify(spec), /has\(oldSelf\.region\)/);
});

test('what is no account or region is refused', (t) => {
  for (const spec of [{accountId: '12345'}, {accountId: '12345678901a'}, {region: 'US-EAST-1'}, {region: 'nowhere'}]) {
    t.false(RegistrySpec.safeParse(spec).success, JSON.stringify(spec));
  }
  for (const region of ['us-east-1', 'us-gov-west-1', 'eu-isoe-west-1', 'ap-southeast-7', 'eusc-de-east-1'])
    t.true(RegistrySpec.safeParse({region}).success, region);
});
