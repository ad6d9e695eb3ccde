import test from 'ava';
import {pullSecretGauges} from '../../../src/kinds/pull-secret/gauges.ts';
import type {KubeObject} from '../../../src/schema/object.ts';

const status = {
  namespaces: {selected: 42, ready: 40, failed: 1},
  registries: [
    {registry: 'own.own', host: 'a', expiresAt: '2026-03-01T20:00:00.500Z', refreshedAt: '2026-03-01T08:00:00.000Z'},
    {registry: '210987654321.eu-west-1', host: 'b', expiresAt: '2026-03-01T21:00:00.000Z', refreshedAt: '2026-03-01T09:00:00.000Z'},
  ],
  expiresAt: '2026-03-01T20:00:00.500Z',
  nextRefresh: '2026-03-01T13:30:00.000Z',
  conditions: [
    {type: 'Ready', status: 'True'},
    {type: 'TokenRefreshed', status: 'True'},
  ],
};
const noon = Date.parse('2026-03-01T12:00:00Z') / 1000;

function pullSecret(given: object | undefined, metadata = {}): KubeObject {
  const object = {apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'ClusterPullSecret', metadata: {name: 'a', ...metadata}, spec: {}};
  return given === undefined ? object : {...object, status: given};
}

/** `expiry_timestamp_seconds own.own: 5`, without the common beginning. */
function shown(object: KubeObject): readonly string[] {
  return pullSecretGauges.flatMap(({name, samples}) =>
    samples(object).map(({labels, value}) => `${name.replace('drayage_pull_secret_', '')} ${Object.values(labels).join()}: ${value}`),
  );
}

test('the status becomes numbers; moments are Unix times', (t) => {
  t.deepEqual(shown(pullSecret(status)), [
    `expiry_timestamp_seconds own.own: ${noon + 8 * 3600 + 0.5}`,
    `expiry_timestamp_seconds 210987654321.eu-west-1: ${noon + 9 * 3600}`,
    `refresh_timestamp_seconds own.own: ${noon - 4 * 3600}`,
    `refresh_timestamp_seconds 210987654321.eu-west-1: ${noon - 3 * 3600}`,
    `next_refresh_timestamp_seconds : ${noon + 5400}`,
    'namespaces selected: 42',
    'namespaces ready: 40',
    'namespaces failed: 1',
    'refresh_failing : 0',
  ]);
});

test('a registry that gave no token when it was last asked shows as failing', (t) => {
  const failing = {conditions: [{type: 'TokenRefreshed', status: 'False'}]};
  t.deepEqual(shown(pullSecret(failing)), ['refresh_failing : 1']);
});

test('what is not known has no series', (t) => {
  t.deepEqual(shown(pullSecret(undefined)), []);
  t.deepEqual(shown(pullSecret({})), []);
  t.deepEqual(shown(pullSecret({nextRefresh: 'soon', conditions: [{type: 'TokenRefreshed', status: 'Unknown'}]})), []);
});

test('one that is being deleted has none: its secrets are going', (t) => {
  t.deepEqual(shown(pullSecret(status, {deletionTimestamp: '2026-03-01T12:00:00Z'})), []);
});

test('names are Prometheus’s way, and labels are those that samples have', (t) => {
  for (const {name, help, labels, samples} of pullSecretGauges) {
    t.regex(name, /^drayage_pull_secret_[a-z_]+$/);
    t.notRegex(help, /\.$/);
    for (const sample of samples(pullSecret(status))) t.deepEqual(Object.keys(sample.labels), [...labels], name);
  }
});
