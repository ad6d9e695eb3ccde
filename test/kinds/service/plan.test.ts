import test, {type ExecutionContext} from 'ava';
import {plan} from '../../../src/kinds/service/plan.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {deployed, now, revision, seen, service, steady} from './objects.ts';

const failed = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "x" has timed out progressing.',
};
const forbidden = {type: 'ReplicaFailure', status: 'True', message: 'pods "x" is forbidden: exceeded quota'};

function idle(t: ExecutionContext, {steps, then}: ReturnType<typeof plan>, outcome: Partial<ReturnType<typeof plan>['then']>): void {
  t.deepEqual(steps, []);
  t.like(then, outcome);
}

test('a service that has no Deployment applies one that it owns', (t) => {
  const {steps, then} = plan(service(), seen(revision()), now);
  t.deepEqual(
    steps.map(({why}) => why),
    ['apply the Deployment shop: it is missing'],
  );
  const [first] = steps.flatMap((step) => ('object' in step ? [step.object] : []));
  t.like(first?.metadata, {name: 'shop', namespace: 'ns'});
  t.like(first?.metadata.ownerReferences?.[0], {kind: 'Service', name: 'shop', uid: 'uid-1', controller: true});
  t.like(first?.spec, {replicas: 2});
  t.like(then, {is: 'waiting', reason: 'DeploymentInProgress'});
});

const progress: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
  [
    'pods that are not ready yet are waited for',
    {...steady, readyReplicas: 1, availableReplicas: 1},
    {is: 'waiting', reason: 'DeploymentInProgress'},
  ],
  ['old pods that are still there are waited for', {...steady, replicas: 3}, {is: 'waiting', reason: 'DeploymentInProgress'}],
  ['a status of an older generation says nothing', {...steady, observedGeneration: 0}, {is: 'waiting', reason: 'DeploymentInProgress'}],
  [
    'no progress within the deadline of Kubernetes ends nothing: ECS tries for ever',
    {...steady, readyReplicas: 0, availableReplicas: 0, conditions: [failed]},
    {is: 'waiting', reason: 'DeploymentInProgress'},
  ],
  [
    'pods that may not be made are named while it waits',
    {replicas: 0, conditions: [forbidden]},
    {is: 'waiting', reason: 'DeploymentInProgress'},
  ],
];
for (const [title, status, expected] of progress) {
  test(title, (t) => {
    const {steps, then} = plan(service(), seen(revision(), [deployed(service(), revision(), status)]), now);
    t.deepEqual(steps, []);
    t.like(then, expected);
    if (JSON.stringify(status).includes('quota')) t.regex(then.message, /exceeded quota/);
  });
}

function edited(path: readonly string[], value: unknown): KubeObject {
  const copy = structuredClone(deployed(service(), revision(), steady)) as unknown as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((node, key) => node[key] as Record<string, unknown>, copy);
  parent[path.at(-1) ?? ''] = value;
  return copy as unknown as KubeObject;
}

const drifts: readonly [string, KubeObject, string][] = [
  ['kubectl scale', edited(['spec', 'replicas'], 5), 'spec.replicas was changed by someone else'],
  [
    'another image',
    edited(['spec', 'template', 'spec', 'containers', '0', 'image'], 'evil:1'),
    'spec.template.spec.containers[0].image was changed by someone else',
  ],
  [
    'a label that was taken away',
    edited(['metadata', 'labels'], {}),
    'metadata.labels.app.kubernetes.io/managed-by was changed by someone else',
  ],
];
for (const [title, deployment, why] of drifts) {
  test(`what someone does to the Deployment is set right: ${title}`, (t) => {
    t.deepEqual(
      plan(service(), seen(revision(), [deployment]), now).steps.map((step) => step.why),
      [`apply the Deployment shop: ${why}`],
    );
  });
}

test('what others add to the Deployment is theirs', (t) => {
  const deployment = edited(['metadata', 'annotations', 'deployment.kubernetes.io/revision'], '4');
  t.deepEqual(plan(service(), seen(revision(), [deployment]), now).steps, []);
});

test('a new revision, another count and a field that went away are each applied', (t) => {
  const deployment = deployed(service(), revision({pidMode: 'task'}), steady);
  for (const [resource, of] of [
    [service(), revision({pidMode: 'task'}, 4)],
    [service({desiredCount: 3}), revision({pidMode: 'task'})],
    [service(), revision()],
  ] as const) {
    t.deepEqual(
      plan(resource, seen(of, [deployment]), now).steps.map(({why}) => why),
      ['apply the Deployment shop: the service or its task definition has changed'],
    );
  }
});

test('a task definition that is not there stalls, and what runs is left alone', (t) => {
  for (const [taskDefinition, reason] of [
    ['web', 'TaskDefinitionNotFound'],
    ['web:9', 'TaskDefinitionNotFound'],
    ['arn:aws:ecs:us-east-1:123456789012:task-definition/web:9', 'TaskDefinitionNotFound'],
    ['web:latest', 'InvalidTaskDefinitionReference'],
  ] as const) {
    idle(t, plan(service({taskDefinition}), seen(undefined, [deployed(service(), revision(), steady)]), now), {is: 'stalled', reason});
  }
});

test('a revision that cannot be carried leaves the Deployment as it was', (t) => {
  const of = revision({placementConstraints: [{type: 'memberOf', expression: 'x'}]});
  const {steps, then} = plan(service(), seen(of, [deployed(service(), revision(), steady)]), now);
  t.deepEqual(steps, []);
  t.like(then, {is: 'stalled', reason: 'NotTranslatable'});
  t.regex(then.message, /^placementConstraints\[0\]\.expression: /);
});

test('a Deployment of somebody else is not touched', (t) => {
  const deployment: KubeObject = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'shop', namespace: 'ns', uid: 'theirs'}};
  idle(t, plan(service(), seen(revision(), [deployment]), now), {is: 'stalled', reason: 'ObjectNotOwned'});
});

test('deletion is left to Kubernetes', (t) => {
  idle(t, plan(service({}, {deletionTimestamp: '2026-01-01T00:00:00Z'}), seen(undefined), now), {is: 'settled'});
});

test('a service does not change between REPLICA and DAEMON', (t) => {
  const {steps, then} = plan(service({schedulingStrategy: 'DAEMON'}), seen(revision(), [deployed(service(), revision(), steady)]), now);
  t.deepEqual(steps, []);
  t.like(then, {is: 'stalled', reason: 'SchedulingStrategyImmutable'});
  t.regex(then.message, /from REPLICA to DAEMON, as in ECS: the Deployment shop runs on/);
});

test('a service whose Cluster is not there, or not for its namespace, changes nothing', (t) => {
  const deployment = deployed(service(), revision(), steady);
  for (const [is, reason] of [
    ['missing', 'ClusterNotFound'],
    ['notAllowed', 'ClusterNotAllowed'],
  ] as const) {
    const {steps, then} = plan(service({cluster: 'prod'}), {...seen(revision(), [deployment]), cluster: {is, name: 'prod'}}, now);
    t.deepEqual(steps, []);
    t.like(then, {is: 'stalled', reason});
    t.regex(then.message, /Cluster prod/);
  }
});

test('a role that the Cluster does not allow stands in the way by its own reason', (t) => {
  const of = revision({taskRoleArn: 'arn:aws:iam::123456789012:role/admin'});
  const cluster = {is: 'ready', settings: {taskRoles: {provider: 'IRSA'}}} as const;
  const {steps, then} = plan(service(), {...seen(of), cluster}, now);
  t.deepEqual(steps, []);
  t.like(then, {is: 'stalled', reason: 'RoleNotAllowed'});
  t.regex(then.message, /may not use the role .*:role\/admin: .*spec\.allowedRoles/);
});

test('a Cluster that changes is why the Deployment is applied again', (t) => {
  const deployment = deployed(service(), revision(), steady);
  const settings = {
    capacityProviders: [{name: 'EC2', nodeSelector: {pool: 'a'}}],
    defaultCapacityProviderStrategy: [{capacityProvider: 'EC2'}],
  };
  const {steps} = plan(service(), {...seen(revision(), [deployment]), cluster: {is: 'ready', settings}}, now);
  t.like(steps, [{object: {spec: {template: {spec: {nodeSelector: {pool: 'a'}}}}}}]);
});

function callsOf({steps}: ReturnType<typeof plan>): readonly string[] {
  return steps.map(({call}) => call);
}

test('tasks are started when their role has been bound, and what runs is not held up by it', (t) => {
  const cluster = {
    is: 'ready',
    settings: {
      taskRoles: {provider: 'PodIdentity', associations: 'PodIdentityAssociation', eksClusterName: 'prod'},
      allowedRoles: [{roles: ['*']}],
    },
  } as const;
  const ofRole = revision({taskRoleArn: 'arn:aws:iam::123456789012:role/web'});
  const look = (objects: readonly KubeObject[]) => plan(service(), {...seen(ofRole, objects), cluster}, now);
  const known = {objects: [{apiVersion: 'eks.services.k8s.aws/v1alpha1', kind: 'PodIdentityAssociation', name: 'shop'}]};
  const written = (objects: readonly KubeObject[]) => plan(service({}, {status: known}), {...seen(ofRole, objects), cluster}, now);
  t.deepEqual(callsOf(look([])), [], 'it is written down first');
  const first = written([]);
  t.deepEqual(callsOf(first), ['ApplyServiceAccount', 'ApplyPodIdentityAssociation']);
  t.like(first.then, {is: 'waiting', reason: 'DeploymentInProgress', message: 'The PodIdentityAssociation shop is not in EKS yet.'});
  const applied = first.steps.flatMap((step) => ('object' in step ? [step.object] : []));
  t.deepEqual(callsOf(written(applied)), []);
  const saying = (status: string) =>
    applied.map((object) =>
      object.kind === 'PodIdentityAssociation' ? {...object, status: {conditions: [{type: 'ACK.ResourceSynced', status}]}} : object,
    );
  const begun = written(saying('True'));
  t.deepEqual(callsOf(begun), ['ApplyDeployment']);
  const running = [...saying('False'), ...begun.steps.flatMap((step) => ('object' in step ? [step.object] : []))];
  t.like(written(running), {steps: [], then: {is: 'waiting', reason: 'DeploymentInProgress', seconds: 1}});
});
