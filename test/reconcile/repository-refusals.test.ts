import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import {registries} from '../../src/schema/types.ts';
import {lookAt, rule, type EcrLook} from '../support/ecr-look.ts';
import type {Operator} from '../support/operator.ts';
import {startScene, type Scene} from '../support/scene.ts';
import {conditionOf} from '../support/stage.ts';

const ns = 'shop';
const resync = 4;

let scene: Scene;
let operator: Operator;
let look: EcrLook;

test.before(async () => {
  scene = await startScene();
  look = lookAt(scene.stage.cloud.ecr);
  operator = await scene.stage.operator({flags: [`--resync-seconds=${resync}`, '--log-level=debug']});
  await scene.namespace(ns);
  await scene.ready({type: registries, name: 'default'});
});

test.after.always(async () => {
  await scene?.stop();
});

/** kubectl's words on a manifest that it or the API server refuses. */
async function refusal(manifest: object, args: readonly string[] = []): Promise<string> {
  const {code, stderr} = await scene.stage.cluster.kubectl(['apply', ...args, '-f', '-'], {input: JSON.stringify(manifest)});
  if (code === 0) throw new Error('it was accepted');
  return stderr;
}

function manifest(name: string, spec: object): object {
  return {apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'Repository', metadata: {name, namespace: ns}, spec};
}

test('the API server refuses a name that ECR would refuse, and says what a name looks like', async (t) => {
  for (const name of ['Shop/Web', 'shop//web', '-web', 'a']) {
    const text = await refusal(manifest('bad-name', {name}));
    t.regex(text, /spec\.name: (Invalid value|Too short|Required)/, name);
  }
});

test('the API server refuses a change of what cannot be changed, in words', async (t) => {
  await scene.ready(await scene.repository(ns, 'fixed', {name: 'fixed', encryptionConfiguration: {encryptionType: 'AES256'}}));
  const renamed = await refusal(manifest('fixed', {name: 'other', encryptionConfiguration: {encryptionType: 'AES256'}}), serverSide);
  t.regex(renamed, /spec\.name: Invalid value: .*(immutable|cannot be changed)/i);
  const encrypted = await refusal(manifest('fixed', {name: 'fixed', encryptionConfiguration: {encryptionType: 'KMS'}}), serverSide);
  t.regex(encrypted, /spec\.encryptionConfiguration: Invalid value: .*(immutable|cannot be changed)/i);
  t.log(encrypted.trim().split('\n').at(-1));
});

const serverSide = ['--server-side', '--force-conflicts'];

test('an immutable field that is added or taken away later is a change, too', async (t) => {
  await scene.ready(await scene.repository(ns, 'later', {}));
  const added = await refusal(manifest('later', {name: 'other'}), serverSide);
  t.regex(added, /immutable|cannot be changed/i);
  await scene.ready(await scene.repository(ns, 'later-2', {name: 'later-2-name'}));
  await t.throwsAsync(() => scene.repository(ns, 'later-2', {}), {message: /immutable|cannot be changed/i});
});

test('kubectl names a field that does not exist', async (t) => {
  t.regex(await refusal(manifest('typo', {imageTagMutabilty: 'IMMUTABLE'})), /unknown field "spec\.imageTagMutabilty"/);
});

test('reserved tag keys and impossible encryption are refused by the API server', async (t) => {
  t.regex(await refusal(manifest('bad', {tags: [{key: 'aws:x', value: ''}]})), /keys that begin with aws: or drayage\.dev\/ are reserved/);
  const encryption = {encryptionConfiguration: {encryptionType: 'AES256', kmsKey: 'alias/x'}};
  t.regex(await refusal(manifest('bad', encryption)), /kmsKey needs encryptionType KMS/);
  t.regex(await refusal(manifest('bad', {imageTagMutability: 'SOMETIMES'})), /Unsupported value: "SOMETIMES"/);
});

test('documents that are not JSON are told with the place, before anything is made', async (t) => {
  const one = await scene.repository(ns, 'bad-lifecycle', {lifecyclePolicy: {lifecyclePolicyText: '{"rules": [}'}});
  const two = await scene.repository(ns, 'bad-policy', {repositoryPolicy: {policyText: '[]'}});
  const first = await scene.condition(one, {type: 'Stalled', status: 'True', reason: 'InvalidLifecyclePolicy'});
  t.regex(conditionOf(first, 'Ready')?.message ?? '', /line 1 column 12/);
  const second = await scene.condition(two, {type: 'Stalled', status: 'True', reason: 'InvalidRepositoryPolicy'});
  t.regex(conditionOf(second, 'Ready')?.message ?? '', /must be a JSON object/);
  t.false(await look.exists('bad-lifecycle'));
  t.false(await look.exists('bad-policy'));
  await sleep(1.5 * resync * 1000);
  t.deepEqual(await scene.warnings(one, 1), ['InvalidLifecyclePolicy×1']);
  t.deepEqual(await scene.warnings(two, 1), ['InvalidRepositoryPolicy×1']);
  await scene.repository(ns, 'bad-lifecycle', {lifecyclePolicy: {lifecyclePolicyText: rule(3)}});
  await scene.ready(one);
});

test('a registry that does not exist is named, and waited for', async (t) => {
  const ref = await scene.repository(ns, 'early', {registryRef: {name: 'late'}});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'RegistryNotFound'});
  t.is(conditionOf(object, 'Ready')?.message, 'there is no Registry late');
  t.deepEqual(await scene.warnings(ref, 1), ['RegistryNotFound×1']);
  t.false(await look.exists('early'));
  const registry = {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name: 'late'}, spec: {}};
  await scene.kube.apply(registries, registry, {fieldManager: 'tests'});
  await scene.ready(ref, 3);
});

test('a namespace that the registry does not allow gets nothing, until its labels match', async (t) => {
  const spec = {allowedNamespaces: {matchLabels: {ecr: 'yes'}}};
  const registry = {apiVersion: registries.apiVersion, kind: 'Registry', metadata: {name: 'closed'}, spec};
  await scene.kube.apply(registries, registry, {fieldManager: 'tests'});
  await scene.namespace('outside');
  const ref = await scene.repository('outside', 'kept-out', {registryRef: {name: 'closed'}});
  const object = await scene.condition(ref, {type: 'Stalled', status: 'True', reason: 'NamespaceNotAllowed'});
  t.regex(conditionOf(object, 'Ready')?.message ?? '', /does not allow the namespace outside/);
  t.deepEqual(await scene.warnings(ref, 1), ['NamespaceNotAllowed×1']);
  t.false(await look.exists('kept-out'));
  await scene.namespace('outside', {ecr: 'yes'});
  await scene.ready(ref, 3);
});

test.after('after all that the operator runs, and its log holds no credential', async (t) => {
  t.is(await Promise.race([operator.exited, Promise.resolve('running')]), 'running');
  t.is((await fetch(`${operator.healthUrl}/healthz`)).status, 200);
  const log = await operator.log();
  t.regex(log, /"msg":"walk ended"/);
  t.deepEqual(await scene.leaks([log]), []);
  t.notRegex(log, /"level":("error"|50)/);
});
