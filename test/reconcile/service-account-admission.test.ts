import test from 'ava';
import * as fc from 'fast-check';
import {attach, attachedAnnotation, type Attachments} from '../../src/kinds/pull-secret/image-pull-secrets.ts';
import {claimantOf} from '../../src/kinds/pull-secret/owner.ts';
import {ecrRoleAnnotation} from '../../src/kinds/pull-secret/principal.ts';
import {ClusterPullSecretSpec, PullSecretSpec} from '../../src/kinds/pull-secret/schema.ts';
import {accountOf, survey} from '../../src/kinds/pull-secret/survey.ts';
import {measureOf, needsAttaching} from '../../src/kinds/pull-secret/verdict.ts';
import type {Ref} from '../../src/kube/kube.ts';
import {managedBy, managedByLabel} from '../../src/schema/labels.ts';
import type {KubeObject, Metadata} from '../../src/schema/object.ts';
import {clusterPullSecrets, namespaces, pods, pullSecrets, registries, secrets, serviceAccounts} from '../../src/schema/types.ts';
import {callApi} from '../cluster/access.ts';
import {eventually} from '../support/eventually.ts';
import {startScene, type Scene} from '../support/scene.ts';

/*
 * The chart's MutatingAdmissionPolicy says in CEL what the operator says in TypeScript. What the API server would store of a
 * new ServiceAccount (a dry run) is held against what the operator would make of it.
 */

let scene: Scene;

test.before(async () => {
  scene = await startScene();
});

test.after.always(async () => {
  await scene?.stop();
});

interface NewAccount {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly imagePullSecrets?: readonly {readonly name: string}[];
}

function manifest(namespace: string, {imagePullSecrets, ...metadata}: NewAccount): KubeObject {
  return {apiVersion: 'v1', kind: 'ServiceAccount', metadata: {...metadata, namespace}, ...(imagePullSecrets && {imagePullSecrets})};
}

/** What the API server would store. The account must not exist. */
async function admitted(namespace: string, account: NewAccount): Promise<Attachments> {
  const {server, ca, adminToken: token} = scene.stage.cluster;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts?dryRun=All`;
  const {status, text} = await callApi({server, ca, token}, 'POST', path, manifest(namespace, account));
  if (status !== 201) throw new Error(text);
  return attachmentsOf(JSON.parse(text) as KubeObject);
}

function attachmentsOf(account: KubeObject): Attachments {
  const {imagePullSecrets, annotation} = accountOf(account, undefined);
  return {imagePullSecrets, annotation};
}

/** What the operator would make of it. */
function served(pullSecret: KubeObject, namespace: KubeObject, account: KubeObject): KubeObject {
  const schema = pullSecret.kind === 'PullSecret' ? PullSecretSpec : ClusterPullSecretSpec;
  const resource = {...pullSecret, spec: schema.parse(pullSecret['spec'])};
  const seen = survey(resource, {namespaces: [namespace], serviceAccounts: [account], secrets: []});
  const measure = measureOf(resource, {wanted: new Set(), parties: new Map()}, 0);
  const [view] = seen.get(namespace.metadata.name)?.accounts ?? [];
  if (view?.wants === undefined || !needsAttaching(view, measure)) return account;
  const {imagePullSecrets, annotation} = attach(view, claimantOf(measure.owner), view.wants);
  const {[attachedAnnotation]: _, ...others} = account.metadata.annotations ?? {};
  const annotations = {...others, ...(annotation !== undefined && {[attachedAnnotation]: annotation})};
  return {...account, metadata: {...account.metadata, annotations}, imagePullSecrets};
}

const names = ({imagePullSecrets}: Attachments) => imagePullSecrets.map(({name}) => name);

/** A ClusterPullSecret; in a namespace, a PullSecret. */
async function pullSecret(name: string, spec: object, metadata: Partial<Metadata> = {}): Promise<Ref> {
  const {namespace} = metadata;
  const type = namespace === undefined ? clusterPullSecrets : pullSecrets;
  await scene.kube.create(type, {apiVersion: type.apiVersion, kind: type.kind, metadata: {name, ...metadata}, spec});
  return {type, name, ...(namespace !== undefined && {namespace})};
}

async function all(): Promise<readonly KubeObject[]> {
  const lists = await Promise.all([clusterPullSecrets, pullSecrets].map((type) => scene.kube.list(type)));
  return lists.flatMap(({items}) => items);
}

/** The API server's copies follow in the order of the writes, each kind's: once it has a last one, it has all. */
async function seen(): Promise<void> {
  const secretNames = ['cluster', 'namespace'].map((scope) => `seen-${scope}-${Date.now()}`);
  const places = [{}, {namespace: 'default'}];
  const refs = await Promise.all(
    secretNames.map((secretName, index) => pullSecret('seen', {secretName, serviceAccounts: {names: ['seen']}}, places[index])),
  );
  const isThere = async () => new Set(secretNames).isSubsetOf(new Set(names(await admitted('default', {name: 'seen'}))));
  // Where policy and CRDs come at the same moment, as here, the API server finds the kinds at its next look, 30 s later.
  await eventually('the API server knows the pull secrets', isThere, {seconds: 60, everyMs: 50});
  for (const ref of refs) await scene.kube.delete(ref);
}

async function clear(): Promise<void> {
  for (const {kind, metadata} of await all()) {
    const {name, namespace} = metadata;
    const type = kind === pullSecrets.kind ? pullSecrets : clusterPullSecrets;
    await scene.kube.delete({type, name, ...(namespace !== undefined && {namespace})});
  }
  await seen();
}

async function mustHave(ref: Ref): Promise<KubeObject> {
  const found = await scene.kube.get(ref);
  if (found === undefined) throw new Error(`${ref.type.kind} ${ref.name} is missing`);
  return found;
}

const label = fc.constantFrom('tier', 'env', 'example.com/zone');
const value = fc.constantFrom('a', 'b', '');
const labels = fc.dictionary(label, value, {maxKeys: 3, noNullPrototype: true});
const requirement = fc.oneof(
  fc.record({
    key: label,
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(value, {minLength: 1, maxLength: 2}),
  }),
  fc.record({key: label, operator: fc.constantFrom('Exists', 'DoesNotExist')}),
);
const selector = fc.record(
  {
    matchLabels: fc.dictionary(label, value, {maxKeys: 2, noNullPrototype: true}),
    matchExpressions: fc.array(requirement, {maxLength: 2}),
  },
  {requiredKeys: []},
);
const accountLabels = fc.tuple(labels, fc.boolean()).map(([own, isManaged]) => ({...own, ...(isManaged && {[managedByLabel]: managedBy})}));
// `default` is there before anybody can ask what would become of it.
const accountName = fc.constantFrom('app', 'builder', 'other');
const namespaceName = fc.constantFrom('space-0', 'space-1', 'space-2', 'space-3', 'kube-public');
const chosenName = fc.oneof(accountName, fc.constant('default'));
const choice = fc.record({names: fc.uniqueArray(chosenName, {maxLength: 2}), selector, all: fc.boolean()}, {requiredKeys: []});
const shared = {
  serviceAccounts: fc.option(choice, {nil: undefined}),
  identity: fc.option(fc.constant({type: 'EachServiceAccount'}), {nil: undefined}),
};
const ofCluster = fc.record(
  {...shared, namespaceSelector: selector, excludedNamespaces: fc.uniqueArray(namespaceName, {maxLength: 2})},
  {requiredKeys: []},
);
const ofNamespace = fc.record({...shared, namespace: namespaceName}, {requiredKeys: ['namespace']});

test.serial('the CEL chooses namespaces and ServiceAccounts as the operator does', async (t) => {
  const seed = Date.now();
  t.log(`seed ${seed}`);
  const specs = fc.sample(ofCluster, {seed, numRuns: 40});
  const theirs = fc.sample(ofNamespace, {seed, numRuns: 20});
  const spaces = fc.sample(labels, {seed, numRuns: 4});
  for (const [index, each] of spaces.entries()) await scene.namespace(`space-${index}`, each);
  for (const [index, each] of specs.entries()) await pullSecret(`choice-${index}`, {...each, secretName: `secret-${index}`});
  for (const [index, {namespace, ...each}] of theirs.entries()) {
    await pullSecret(`choice-${index}`, {...each, secretName: `theirs-${index}`}, {namespace});
  }
  await seen();
  const stored = (await all()).filter(({metadata}) => metadata.name.startsWith('choice-'));
  const here = new Map((await scene.kube.list(namespaces)).items.map((namespace) => [namespace.metadata.name, namespace]));
  const account = fc.record(
    {
      name: accountName,
      labels: accountLabels,
      annotations: fc.constantFrom({note: 'mine'}, {}, {[ecrRoleAnnotation]: 'arn:aws:iam::123456789012:role/own'}),
      imagePullSecrets: fc.subarray(['docker-hub', 'secret-3', 'secret-7'].map((name) => ({name}))),
    },
    {requiredKeys: ['name']},
  );
  const chosen = {none: 0, some: 0};
  await fc.assert(
    fc.asyncProperty(namespaceName, account, async (namespace, given) => {
      const is = await admitted(namespace, given);
      const before = manifest(namespace, given);
      const should = stored.reduce((seen, each) => served(each, here.get(namespace) ?? before, seen), before);
      const wanted = attachmentsOf(should);
      chosen[wanted.annotation === undefined ? 'none' : 'some']++;
      // Several objects come in no particular order.
      t.deepEqual(names(is).toSorted(), names(wanted).toSorted());
      t.deepEqual(names(is).slice(0, given.imagePullSecrets?.length ?? 0), given.imagePullSecrets?.map(({name}) => name) ?? []);
      t.is(is.annotation, wanted.annotation);
    }),
    {seed, numRuns: 150},
  );
  t.log(`${chosen.some} ServiceAccounts were chosen, ${chosen.none} were not`);
});

test.serial('the CEL enters a secret as the operator does, whatever is there', async (t) => {
  await clear();
  const space = 'space-entries';
  await scene.namespace(space);
  const ref = await pullSecret('mine', {secretName: 'ecr-pull', serviceAccounts: {all: true}});
  await seen();
  const stored = await mustHave(ref);
  const namespace = await mustHave({type: namespaces, name: space});
  const claim = fc.oneof(
    fc.tuple(fc.constantFrom('mine', 'mine', 'b', 'c'), fc.constantFrom('ecr-pull', 'old', 'docker-hub')).map((pair) => pair.join('=')),
    fc.constantFrom('', 'b', 'b=', '=old', 'mine=old=b'),
  );
  const account = fc.record(
    {
      name: accountName,
      annotations: fc.record(
        {note: fc.constant('mine'), [attachedAnnotation]: fc.array(claim, {maxLength: 4}).map((claims) => claims.join(','))},
        {requiredKeys: []},
      ),
      imagePullSecrets: fc.array(
        fc.constantFrom('ecr-pull', 'old', 'docker-hub').map((name) => ({name})),
        {maxLength: 3},
      ),
    },
    {requiredKeys: ['name']},
  );
  await fc.assert(
    fc.asyncProperty(account, async (given) => {
      const wanted = attachmentsOf(served(stored, namespace, manifest(space, given)));
      t.deepEqual(await admitted(space, given), wanted);
    }),
    {numRuns: 150},
  );
  t.deepEqual(names(await admitted(space, {name: 'app', imagePullSecrets: [{name: ''}]})).at(-1), 'ecr-pull');
});

test.serial('what several objects choose gets the secrets of all, and an entry that a user wrote stays theirs', async (t) => {
  await clear();
  await pullSecret('one', {secretName: 'one-pull', serviceAccounts: {names: ['app', 'web']}});
  await pullSecret('two', {secretName: 'two-pull', serviceAccounts: {selector: {}}});
  await seen();
  const both = await admitted('default', {name: 'web'});
  t.deepEqual(names(both).toSorted(), ['one-pull', 'two-pull']);
  t.is(both.annotation, 'one=one-pull,two=two-pull');
  await pullSecret('one', {secretName: 'own-pull', serviceAccounts: {all: true}}, {namespace: 'default'});
  await seen();
  const three = await admitted('default', {name: 'web'});
  t.deepEqual(names(three).toSorted(), ['one-pull', 'own-pull', 'two-pull']);
  t.is(three.annotation, 'one=one-pull,pullsecret/one=own-pull,two=two-pull');
  await clear();
  await pullSecret('two', {secretName: 'two-pull', serviceAccounts: {selector: {}}});
  await seen();
  const theirs = await admitted('default', {name: 'other', imagePullSecrets: [{name: 'hub'}, {name: 'two-pull'}]});
  t.deepEqual(theirs, {imagePullSecrets: [{name: 'hub'}, {name: 'two-pull'}], annotation: undefined});
});

test.serial('a ClusterPullSecret that is being deleted adds nothing', async (t) => {
  await clear();
  const ref = await pullSecret('going', {secretName: 'going', serviceAccounts: {all: true}}, {finalizers: ['example.com/held']});
  await seen();
  t.deepEqual(names(await admitted('default', {name: 'app'})), ['going']);
  await scene.kube.delete(ref);
  await seen();
  t.deepEqual(await admitted('default', {name: 'app'}), {imagePullSecrets: [], annotation: undefined});
  await scene.kube.merge(ref, {metadata: {finalizers: null}});
});

test.serial('the largest spec that can be written is within the cost that the API server allows', async (t) => {
  await clear();
  const many = Array.from({length: 63}, (_, index) => `${'k'.repeat(50)}-${index}`);
  const all = Object.fromEntries(many.map((key) => [key, `${'v'.repeat(60)}-1`]));
  const values = Array.from({length: 64}, (_, index) => `${'v'.repeat(55)}-${index + 100}`);
  const largest = {
    matchLabels: all,
    matchExpressions: many.map((key, index) => (index % 2 === 0 ? {key, operator: 'NotIn', values} : {key, operator: 'Exists'})),
  };
  await scene.namespace('space-large', all);
  await pullSecret('large', {
    secretName: 'large',
    namespaceSelector: largest,
    excludedNamespaces: Array.from({length: 256}, (_, index) => `${'n'.repeat(58)}-${index}`),
    serviceAccounts: {names: Array.from({length: 64}, (_, index) => `${'n'.repeat(240)}-${index}`), selector: largest},
  });
  await seen();
  t.deepEqual(names(await admitted('space-large', {name: 'app', labels: all})), ['large']);
  t.deepEqual(names(await admitted('space-large', {name: 'app'})), []);
});

test.serial('with no operator about, the first pods of new namespaces have the secret', async (t) => {
  await clear();
  await pullSecret('everywhere', {});
  await seen();
  const fresh = Array.from({length: 20}, (_, index) => `fresh-${index}`);
  const admittedPods = await Promise.all(
    fresh.map(async (namespace) => {
      await scene.kube.create(namespaces, {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace}});
      const containers = [{name: 'app', image: 'app'}];
      return scene.kube.create(pods, {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'first', namespace}, spec: {containers}});
    }),
  );
  const without = admittedPods.filter(({spec}) => !JSON.stringify(spec).includes('"imagePullSecrets":[{"name":"ecr-pull"}]'));
  t.deepEqual(
    without.map(({metadata}) => metadata.namespace),
    [],
  );
});

test.serial('the operator takes such an entry for its own: it writes nothing, and removes it when the object goes', async (t) => {
  const account = {type: serviceAccounts, namespace: 'fresh-0', name: 'default'};
  const before = await mustHave(account);
  t.is(before.metadata.annotations?.[attachedAnnotation], 'everywhere=ecr-pull');
  const operator = await scene.stage.operator({flags: ['--leader-elect=false', '--log-level=debug']});
  await scene.ready({type: registries, name: 'default'});
  const everywhere = {type: clusterPullSecrets, name: 'everywhere'};
  await scene.condition(everywhere, {type: 'Ready', status: 'True', reason: 'Refreshed'});
  t.truthy(await scene.get({type: secrets, namespace: 'fresh-0', name: 'ecr-pull'}));
  t.is((await mustHave(account)).metadata.resourceVersion, before.metadata.resourceVersion);
  await scene.namespace('late');
  const late = {...account, namespace: 'late'};
  await eventually('a later namespace is served too', () => scene.get({type: secrets, namespace: 'late', name: 'ecr-pull'}), {seconds: 5});
  const {managedFields} = (await mustHave(late)).metadata as Metadata & {readonly managedFields?: readonly {readonly manager: string}[]};
  t.deepEqual(managedFields?.filter(({manager}) => manager.startsWith('drayage')) ?? [], []);
  await scene.kube.delete(everywhere);
  await scene.gone(everywhere);
  for (const ref of [account, late]) t.deepEqual(attachmentsOf(await mustHave(ref)), {imagePullSecrets: [], annotation: undefined});
  await operator.stop();
});

test.serial('in all that, no expression of the policy failed', async (t) => {
  const {stdout} = await scene.stage.cluster.kubectl(['get', '--raw', '/metrics']);
  const lines = stdout
    .split('\n')
    .filter((line) => line.includes('"drayage-clusterpullsecrets"') || line.includes('"drayage-pullsecrets"'));
  const checks = lines.filter((line) => line.startsWith('apiserver_mutating_admission_policy_check_total'));
  t.true(checks.length > 0);
  t.deepEqual(
    checks.filter((line) => !line.includes('error_type="no_error"')),
    [],
  );
  t.deepEqual(
    lines.filter((line) => line.startsWith('apiserver_admission_match_condition_evaluation_errors_total')),
    [],
  );
});
