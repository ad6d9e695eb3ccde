import {execFile} from 'node:child_process';
import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {parse, parseAllDocuments, stringify} from 'yaml';
import {chartReadme, generatedFiles} from '../../src/generate/files.ts';
import type {PolicyRule} from '../../src/generate/rbac.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import {tool} from '../cluster/tools.ts';
import {kinds, lighthouse} from '../schema/lighthouse.ts';

const run = promisify(execFile);
const everything = {
  image: {digest: `sha256:${'0'.repeat(64)}`},
  imagePullSecrets: [{name: 'mine'}],
  replicas: 3,
  aws: {region: 'eu-central-1', roleArn: 'arn:aws:iam::123456789012:role/drayage'},
  logLevel: 'debug',
  resyncSeconds: 86_400,
  rbac: {serviceAccountTokens: true},
  serviceAccount: {annotations: {a: 'b'}},
  podAnnotations: {c: 'd'},
  podLabels: {e: 'f'},
  nodeSelector: {'kubernetes.io/os': 'linux'},
  tolerations: [{operator: 'Exists'}],
  affinity: {nodeAffinity: {}},
  priorityClassName: 'system-cluster-critical',
  extraEnv: [{name: 'HTTPS_PROXY', value: 'http://proxy:3128'}],
  networkPolicy: {metricsFrom: [{namespaceSelector: {}}], extraEgress: [{ports: [{port: 3128}]}]},
  serviceMonitor: {enabled: true, labels: {release: 'prometheus'}},
  prometheusRule: {enabled: true, labels: {release: 'prometheus'}, additionalRules: [{record: 'mine', expr: 'vector(1)'}]},
};

/** What a cluster has that the chart asks for. */
const served: readonly string[] = ['admissionregistration.k8s.io/v1/MutatingAdmissionPolicy'];

let folder = '';
let chart = '';

// The chart with a kind of the tests' own, so that these tests hold whatever kinds there are.
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drayage-chart-'));
  await cp('charts', join(folder, 'charts'), {recursive: true});
  await rm(join(folder, 'charts/drayage/templates/crds'), {recursive: true, force: true});
  for (const [path, text] of generatedFiles(kinds, {
    actions: [],
    clients: [],
    operations: [],
    readme: await readFile(chartReadme, 'utf8'),
  })) {
    await mkdir(join(folder, dirname(path)), {recursive: true});
    await writeFile(join(folder, path), text);
  }
  chart = join(folder, 'charts/drayage');
});

test.after.always(() => rm(folder, {recursive: true, force: true}));

for (const [name, values] of Object.entries({defaults: {}, 'everything on': everything})) {
  test(`with ${name}, helm lints the chart and every document parses`, async (t) => {
    await helm(['lint', '--strict', '--kube-version', '1.36.0', chart], values);
    const documents = parseAllDocuments(await template(chart, values), {version: '1.1', uniqueKeys: true});
    t.deepEqual(
      documents.flatMap(({errors}) => errors),
      [],
    );
    t.true(documents.length > 10);
  });

  test(`with ${name}, the pods meet the restricted Pod Security Standard`, async (t) => {
    const {pod, container} = podOf(await objects(values));
    t.like(pod.securityContext, {runAsNonRoot: true, runAsUser: 65_532, seccompProfile: {type: 'RuntimeDefault'}});
    t.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: {drop: ['ALL']},
      seccompProfile: {type: 'RuntimeDefault'},
    });
    t.is(pod.enableServiceLinks, false);
  });

  test(`with ${name}, no rule has a wildcard`, async (t) => {
    const roles = (await objects(values)).filter(({kind}) => kind === 'ClusterRole' || kind === 'Role');
    t.is(roles.length, values === everything ? 5 : 4);
    for (const role of roles) t.notRegex(JSON.stringify(role['rules']), /"\*"/, role.metadata.name);
  });

  test(`with ${name}, all objects but cluster-wide ones are in the release's namespace`, async (t) => {
    for (const {kind, metadata} of await objects(values)) {
      const wide =
        /^(ClusterRole|ClusterRoleBinding|CustomResourceDefinition|MutatingAdmissionPolicy|MutatingAdmissionPolicyBinding)$/.test(kind);
      t.is(metadata.namespace, wide ? undefined : 'drayage-system', `${kind} ${metadata.name}`);
    }
  });
}

test('the CRD in the chart is the CRD, and stays behind when the chart goes', async (t) => {
  const [crd] = (await objects({})).filter(({kind}) => kind === 'CustomResourceDefinition');
  const files = generatedFiles(kinds, {actions: [], clients: [], operations: [], readme: await readFile(chartReadme, 'utf8')});
  const plain = parse(files.get(`crds/${lighthouse.plural}.sea.example.dev.yaml`) ?? '', {version: '1.1'}) as KubeObject;
  t.deepEqual(crd?.['spec'], plain['spec']);
  t.is(crd?.metadata.annotations?.['helm.sh/resource-policy'], 'keep');
});

test('crds.keep=false lets the CRDs go with the chart', async (t) => {
  const [crd] = (await objects({crds: {keep: false}})).filter(({kind}) => kind === 'CustomResourceDefinition');
  t.is(crd?.metadata.annotations, undefined);
});

test('crds.enabled=false leaves the CRDs out', async (t) => {
  t.false((await objects({crds: {enabled: false}})).some(({kind}) => kind === 'CustomResourceDefinition'));
});

test('rbac.aggregate=false leaves the roles of people as they are', async (t) => {
  const roles = (await objects({rbac: {aggregate: false}})).filter(({kind}) => kind === 'ClusterRole');
  t.deepEqual(
    roles.map(({metadata}) => metadata.name),
    ['drayage'],
  );
});

test('rbac.volumes=false leaves out what is in no namespace, and nothing else', async (t) => {
  const without = await rightsWith(false);
  t.deepEqual(
    (await rightsWith(true)).filter((resource) => !without.includes(resource)),
    ['persistentvolumes', 'volumesnapshotcontents', 'storageclasses'],
  );
  t.true(without.includes('persistentvolumeclaims'));
});

test('Leases can be written in the own namespace only', async (t) => {
  const holders = (await objects({})).filter((object) => JSON.stringify(object['rules'] ?? '').includes('leases'));
  t.deepEqual(
    holders.map(({kind}) => kind),
    ['Role'],
  );
  t.deepEqual(holders[0]?.['rules'] as readonly PolicyRule[], [
    {apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'patch']},
  ]);
});

test('the policy for new ServiceAccounts is there where the API server has it, unless it is switched off', async (t) => {
  const rendered = policies(await objects({fullnameOverride: 'mine'}));
  t.is(rendered.length, 4);
  for (const kind of ['ClusterPullSecret', 'PullSecret']) {
    const name = `mine-${kind.toLowerCase()}s`;
    const of = (what: string) => rendered.find((each) => each.kind === what && each.metadata.name === name)?.['spec'];
    t.like(of('MutatingAdmissionPolicy'), {failurePolicy: 'Ignore', paramKind: {apiVersion: 'ecr.drayage.dev/v1alpha1', kind}});
    t.like(of('MutatingAdmissionPolicyBinding'), {policyName: name, paramRef: {parameterNotFoundAction: 'Allow'}});
  }
  t.deepEqual(policies(await objects({serviceAccountAdmission: {enabled: false}})), []);
  t.deepEqual(policies(await objects({}, [])), []);
  t.deepEqual(policies(await objects({}, ['admissionregistration.k8s.io/v1', 'admissionregistration.k8s.io/v1beta1'])), []);
});

test('the policy for the roles of task definitions is there where the API server has it, unless it is switched off', async (t) => {
  const validating = ['admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy'];
  t.deepEqual(await validatingPolicies({fullnameOverride: 'mine'}, validating), ['mine-task-roles', 'mine-task-roles']);
  t.deepEqual(await validatingPolicies({roleAdmission: {enabled: false}}, validating), []);
  t.deepEqual(await validatingPolicies({}, []), []);
});

test('IRSA is one value, and the node’s role is never a fallback', async (t) => {
  const rendered = await objects(everything);
  const account = rendered.find(({kind}) => kind === 'ServiceAccount');
  t.is(account?.metadata.name, 'drayage');
  t.deepEqual(account?.metadata.annotations, {'eks.amazonaws.com/role-arn': everything.aws.roleArn, a: 'b'});
  const {env} = podOf(rendered).container;
  t.true(env.some(({name, value}) => name === 'AWS_EC2_METADATA_DISABLED' && value === 'true'));
  t.true(env.some(({name, value}) => name === 'AWS_REGION' && value === 'eu-central-1'));
});

test('a digest wins over the tag, and large numbers are written in full', async (t) => {
  const {image, args} = podOf(await objects(everything)).container;
  t.is(image, `ghcr.io/drayage/drayage@sha256:${'0'.repeat(64)}`);
  t.true(args.includes('--resync-seconds=86400'));
});

test('one replica has no disruption budget that would block a drain', async (t) => {
  t.false((await objects({replicas: 1})).some(({kind}) => kind === 'PodDisruptionBudget'));
  t.true((await objects({})).some(({kind}) => kind === 'PodDisruptionBudget'));
});

test('alerts are made when they are asked for, as the file has them, and the user’s own beside', async (t) => {
  t.false((await objects({})).some(isRule));
  const {groups} = parse(await readFile('charts/drayage/files/alerts.yaml', 'utf8')) as {readonly groups: readonly unknown[]};
  const rule = (await objects(everything)).find(isRule);
  t.is(rule?.metadata.labels?.['release'], 'prometheus');
  t.deepEqual(rule?.['spec'], {groups: [...groups, {name: 'drayage.additional', rules: everything.prometheusRule.additionalRules}]});
  const plain = (await objects({prometheusRule: {enabled: true}})).find(isRule);
  t.deepEqual(plain?.['spec'], {groups});
});

test('a metric’s own namespace and service win over those of the operator', async (t) => {
  const monitor = (await objects(everything)).find(({kind}) => kind === 'ServiceMonitor');
  t.like(monitor, {spec: {endpoints: [{port: 'metrics', honorLabels: true}]}});
});

for (const [name, values] of Object.entries({
  'a value that does not exist': {replicaCount: 3},
  'a level that does not exist': {logLevel: 'loud'},
  'a role that is no ARN': {aws: {roleArn: 'drayage'}},
  'a digest that is a tag': {image: {digest: 'v1'}},
})) {
  test(`helm refuses ${name}`, async (t) => {
    await t.throwsAsync(template(chart, values), {
      message: /don't meet the specifications of the schema|Additional property|additional properties/,
    });
  });
}

function isRule({kind}: KubeObject): boolean {
  return kind === 'PrometheusRule';
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly {readonly name: string; readonly value?: string}[];
  readonly securityContext: object;
}

interface Pod {
  readonly securityContext: object;
  readonly enableServiceLinks: boolean;
  readonly containers: readonly [Container];
}

function policies(rendered: readonly KubeObject[]): readonly KubeObject[] {
  return rendered.filter(({kind}) => kind.startsWith('MutatingAdmission'));
}

async function validatingPolicies(values: object, apiVersions?: readonly string[]): Promise<readonly string[]> {
  const rendered = await objects(values, apiVersions);
  return rendered.filter(({kind}) => kind.startsWith('ValidatingAdmission')).map(({metadata}) => metadata.name);
}

function podOf(rendered: readonly KubeObject[]): {readonly pod: Pod; readonly container: Container} {
  const deployment = rendered.find(({kind}) => kind === 'Deployment');
  if (!deployment) throw new Error('the chart has no Deployment');
  const pod = (deployment['spec'] as {template: {spec: Pod}}).template.spec;
  return {pod, container: pod.containers[0]};
}

async function objects(values: object, apiVersions = served): Promise<readonly KubeObject[]> {
  const documents = parseAllDocuments(await template(chart, values, apiVersions), {version: '1.1'});
  return documents.map((document) => document.toJS() as KubeObject | null).filter((object) => object !== null);
}

/** What the operator has rights on by the chart as it is: the kind of these tests makes no volumes. */
async function rightsWith(volumes: boolean): Promise<readonly string[]> {
  const documents = parseAllDocuments(await template('charts/drayage', {rbac: {volumes}}), {version: '1.1'});
  const roles = documents.map((document) => document.toJS() as KubeObject | null);
  const own = roles.find((role) => role?.kind === 'ClusterRole' && role.metadata.name === 'drayage');
  return ((own?.['rules'] ?? []) as readonly PolicyRule[]).flatMap(({resources}) => resources);
}

function template(folder: string, values: object, apiVersions = served): Promise<string> {
  const apis = apiVersions.flatMap((each) => ['--api-versions', each]);
  return helm(['template', 'drayage', folder, '--namespace', 'drayage-system', '--kube-version', '1.36.0', ...apis], values);
}

async function helm(flags: readonly string[], values: object): Promise<string> {
  const file = join(folder, `values-${process.hrtime.bigint()}.yaml`);
  await writeFile(file, stringify(values, {version: '1.1'}));
  const {stdout} = await run(await tool('helm'), [...flags, '--values', file]);
  return stdout;
}
