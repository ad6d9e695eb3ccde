import test from 'ava';
import type {KubeObject} from '../../src/schema/object.ts';
import {clusters, deployments, namespaces, serviceAccounts, services, taskDefinitions} from '../../src/schema/types.ts';
import {eventually} from '../support/eventually.ts';
import {conditionIn, personOf, type Person} from '../support/place.ts';
import {startStage, type Stage} from '../support/stage.ts';

type Json = Readonly<Record<string, unknown>>;

let stage: Stage | undefined;
let person: Person;

test.before(async () => {
  stage = await startStage({nodes: 3});
  person = personOf(stage.cluster);
  await stage.operator();
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

const web = {family: 'web', containerDefinitions: [{name: 'app', image: 'registry.example.com/app:1', memory: 64}]};

test('a service runs in the Cluster that it names, and follows its changes', async (t) => {
  const place = await person.place('named');
  await place.apply(taskDefinitions, 'web', web);
  await place.apply(services, 'web', {taskDefinition: 'web', cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/Prod_1'});
  const missing = await place.until(services, 'web', 'ClusterNotFound');
  t.regex(conditionIn(missing, 'Stalled')?.message ?? '', /no Cluster Prod_1/);
  t.is(await place.get(deployments, 'web'), undefined);

  await cluster('prod', {clusterName: 'Prod_1', namespaces: ['elsewhere']});
  await place.until(services, 'web', 'ClusterNotAllowed');
  await cluster('prod', {clusterName: 'Prod_1', namespaces: ['elsewhere'], namespaceSelector: {matchLabels: {covered: 'yes'}}});
  await person.kube.merge({type: namespaces, name: 'named'}, {metadata: {labels: {covered: 'yes'}}});
  await place.until(services, 'web', 'SteadyState');
  t.is(podSpec(await place.get(deployments, 'web'))['nodeSelector'], undefined);

  await cluster('prod', {
    clusterName: 'Prod_1',
    namespaceSelector: {matchLabels: {covered: 'yes'}},
    capacityProviders: [{name: 'EC2', nodeSelector: {'kubernetes.io/os': 'linux'}}],
    defaultCapacityProviderStrategy: [{capacityProvider: 'EC2', weight: 1}],
  });
  await eventually('the Deployment has the node selector', async () => {
    return podSpec(await place.get(deployments, 'web'))['nodeSelector'] !== undefined;
  });
  await place.until(services, 'web', 'SteadyState');

  const shown = await eventually(
    'the Cluster has counted',
    async () => {
      const seen = await person.kube.get({type: clusters, name: 'prod'});
      return (seen?.['status'] as Json | undefined)?.['runningTasksCount'] === 1 && seen;
    },
    {seconds: 90},
  );
  t.like(shown['status'], {status: 'ACTIVE', namespaceCount: 1, namespaces: ['named'], activeServicesCount: 1, pendingTasksCount: 0});
  t.like(conditionIn(shown, 'Ready'), {status: 'True', reason: 'Active'});
  const [header = '', row = ''] = (await person.kubectl('get', 'ecscl', 'prod')).trimEnd().split('\n');
  t.deepEqual(header.split(/\s+/), ['NAME', 'READY', 'STATUS', 'NAMESPACES', 'SERVICES', 'RUNNING', 'AGE']);
  t.deepEqual(row.split(/\s+/).slice(0, 6), ['prod', 'True', 'Active', '1', '1', '1']);

  // What runs stays when the Cluster goes.
  await person.kube.delete({type: clusters, name: 'prod'}, {propagationPolicy: 'Background'});
  await place.until(services, 'web', 'ClusterNotFound');
  t.not(await place.get(deployments, 'web'), undefined);
});

test('the API server and its scheduler take every form of placement that is made', async (t) => {
  const place = await person.place('placed');
  await cluster('placing', {
    namespaces: ['placed'],
    attributes: {labels: {team: 'example.com/team'}},
    capacityProviders: [
      {
        name: 'a',
        compute: 'ManagedNodes',
        capacityType: 'Spot',
        tolerations: [{key: 'spot', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5}],
      },
      {name: 'b', compute: 'Karpenter', capacityType: 'OnDemand', tolerations: [{operator: 'Exists'}]},
      {name: 'any'},
    ],
  });
  const nodes = await person.kube.list({apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false});
  t.is(nodes.items.length, 3);
  const [first = '', second = ''] = nodes.items.map(({metadata}) => metadata.name);
  const nodeType = {apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false};
  const label = (name: string, labels: Json) => person.kube.merge({type: nodeType, name}, {metadata: {labels}});
  await label(first, {'attribute.ecs.drayage.dev/stack': 'web', 'attribute.ecs.drayage.dev/size': '4', 'example.com/team': 'shop'});
  await label(second, {'attribute.ecs.drayage.dev/stack': 'web', 'attribute.ecs.drayage.dev/size': '2'});

  const everything = [
    'attribute:stack == web and attribute:size > 3',
    'attribute:team exists or attribute:ecs.instance-type in [m6i.large, c6i.large]',
    'attribute:size >= 0 and attribute:size <= 9 and not(attribute:size < 1) and attribute:color !exists',
    'attribute:ecs.capability.external !exists and attribute:ecs.availability-zone !in [us-east-1d]',
  ];
  await place.apply(taskDefinitions, 'web', {
    ...web,
    placementConstraints: everything.map((expression) => ({type: 'memberOf', expression})),
  });
  await place.apply(services, 'one', {taskDefinition: 'web', cluster: 'placing', desiredCount: 2});
  await place.until(services, 'one', 'SteadyState');
  t.deepEqual(await nodesOf('placed', 'one'), [first, first]);

  // Where those run, and each on a node of its own: one has a place, the other has none.
  const near = [{type: 'memberOf', expression: 'task:group == service:one'}, {type: 'distinctInstance'}];
  await place.apply(taskDefinitions, 'plain', {...web, family: 'plain'});
  await place.apply(services, 'near', {taskDefinition: 'plain', cluster: 'placing', desiredCount: 2, placementConstraints: near});
  await eventually('one of two pods is placed', async () => (await nodesOf('placed', 'near')).filter((node) => node !== '').length === 1);
  t.deepEqual((await nodesOf('placed', 'near')).toSorted(), ['', first]);

  const far = [{type: 'memberOf', expression: 'not(task:group in [service:one, database]) && attribute:stack == web'}];
  const spread = [
    {type: 'spread', field: 'attribute:ecs.availability-zone'},
    {type: 'spread', field: 'instanceId'},
  ];
  await place.apply(services, 'far', {taskDefinition: 'plain', cluster: 'placing', placementConstraints: far, placementStrategy: spread});
  await place.until(services, 'far', 'SteadyState');
  t.deepEqual(await nodesOf('placed', 'far'), [second]);

  // Providers that no node here belongs to: the API server takes it, and nothing is placed.
  const mixed = [
    {capacityProvider: 'a', base: 1, weight: 1},
    {capacityProvider: 'b', weight: 3},
  ];
  await place.apply(services, 'mixed', {taskDefinition: 'plain', cluster: 'placing', desiredCount: 1, capacityProviderStrategy: mixed});
  await eventually('there is a pod', async () => (await nodesOf('placed', 'mixed')).length === 1);
  t.like(podSpec(await place.get(deployments, 'mixed')), {tolerations: [{key: 'spot'}, {operator: 'Exists'}]});
});

test('what cannot be placed, and what a strict Cluster does not allow, is refused with what to do', async (t) => {
  const place = await person.place('strict');
  await cluster('strict', {
    namespaces: ['strict'],
    policy: 'Strict',
    allowedApproximations: ['containerDefinitions[*].essential'],
  });
  await place.apply(taskDefinitions, 'web', {...web, service: {cluster: 'strict', desiredCount: 1}});
  const refused = await place.until(services, 'web', 'NotTranslatable');
  t.regex(
    conditionIn(refused, 'Ready')?.message ?? '',
    /containerDefinitions\[0\]\.image: .* have ImageTagNotPinned allowed in allowedApproximations/,
  );
  t.is(conditionIn(await place.until(taskDefinitions, 'web', 'NotTranslatable'), 'Translated')?.status, 'False');
  const allowed = ['containerDefinitions'];
  await cluster('strict', {namespaces: ['strict'], policy: 'Strict', allowedApproximations: allowed});
  await place.until(services, 'web', 'SteadyState');
  await place.until(taskDefinitions, 'web', 'ServiceReady');
  const expression = `attribute:${'x'.repeat(1900)} == ${'y'.repeat(60)}`;
  await place.apply(services, 'long', {taskDefinition: 'web', cluster: 'strict', placementConstraints: [{type: 'memberOf', expression}]});
  t.regex(conditionIn(await place.until(services, 'long', 'NotTranslatable'), 'Ready')?.message ?? '', /at character 1/);
});

test('a role runs where the Cluster allows it to the namespace, and only there', async (t) => {
  const place = await person.place('roles');
  const role = 'arn:aws:iam::123456789012:role/shop-web';
  const imagePullSecrets = [{name: 'registry'}];
  await eventually('there is a default ServiceAccount', async () => place.get(serviceAccounts, 'default'));
  await place.change(serviceAccounts, 'default', {imagePullSecrets});
  await cluster('roles', withRoles(['arn:aws:iam::123456789012:role/data-*']));
  await place.apply(taskDefinitions, 'web', {...web, taskRoleArn: role});
  await place.apply(services, 'web', {taskDefinition: 'web', cluster: 'roles'});
  const refused = await place.until(services, 'web', 'RoleNotAllowed');
  t.regex(conditionIn(refused, 'Ready')?.message ?? '', /namespace roles may not use the role .*shop-web: .*spec\.allowedRoles/);
  await cluster('roles', withRoles(['arn:aws:iam::123456789012:role/shop-*']));
  const deployment = await eventually('there is a Deployment', async () => place.get(deployments, 'web'));
  t.is(podSpec(deployment)['serviceAccountName'], 'web');
  const account = await place.get(serviceAccounts, 'web');
  t.like(account, {metadata: {annotations: {'eks.amazonaws.com/role-arn': role}}, imagePullSecrets});
});

test('a task definition that runs with a role that is not allowed is refused by the API server, with what to do', async (t) => {
  const place = await person.place('admission');
  const terms = {namespaces: ['admission'], taskRoles: {provider: 'IRSA', accountId: '123456789012'}};
  const allowedRoles = [
    {
      namespaceSelector: {matchExpressions: [{key: 'kubernetes.io/metadata.name', operator: 'In', values: ['admission']}]},
      roles: ['arn:aws:iam::*:role/shop.*+x'],
    },
    {namespaces: ['other'], roles: ['*']},
  ];
  await cluster('admitting', {...terms, clusterName: 'Admitting', allowedRoles});
  const apply = (name: string, role: string, service?: Json) =>
    place.apply(taskDefinitions, name, {...web, family: name, taskRoleArn: role, ...(service === undefined ? {} : {service})});
  const asked = {cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/Admitting', desiredCount: 0};
  // The API server learns of policies and their parameters a moment later.
  await eventually(
    'the policy is in force',
    async () => {
      try {
        await apply('probe', 'admin', asked);
        await place.delete(taskDefinitions, 'probe');
        return false;
      } catch {
        return true;
      }
    },
    {seconds: 90},
  );
  const message =
    /the Cluster admitting does not allow the role arn:aws:iam::123456789012:role\/admin to the namespace admission: .*spec\.allowedRoles/;
  await t.throwsAsync(apply('bad', 'admin', asked), {message});
  await t.throwsAsync(apply('bad', 'shopx+x', asked), {message: /does not allow the role/});
  await apply('good', 'shop.web+x', asked);
  // Nothing is refused that does not run, or not in this Cluster.
  await apply('registered', 'admin');
  await apply('elsewhere', 'admin', {desiredCount: 0});
  const others = await person.place('not-covered');
  await others.apply(taskDefinitions, 'web', {...web, taskRoleArn: 'admin', service: asked});
  // One that is there may be changed in other ways when the Cluster has changed its mind.
  await cluster('admitting', {...terms, clusterName: 'Admitting', allowedRoles: []});
  await eventually('the Cluster has changed', async () => {
    try {
      await apply('probe', 'shop.web+x', asked);
      await place.delete(taskDefinitions, 'probe');
      return false;
    } catch {
      return true;
    }
  });
  await apply('good', 'shop.web+x', {...asked, desiredCount: 1});
  await t.throwsAsync(apply('good', 'admin', asked), {message: /does not allow the role/});
});

test('what the schema of a Cluster refuses, the API server refuses', async (t) => {
  const bad: readonly (readonly [Json, RegExp])[] = [
    [
      {defaultCapacityProviderStrategy: [{capacityProvider: 'x'}]},
      /defaultCapacityProviderStrategy names a provider that capacityProviders does not have/,
    ],
    [{capacityProviders: [{name: 'a'}, {name: 'a'}]}, /duplicate entries for key/],
    [{capacityProviders: [{name: 'a', tolerations: [{value: 'x'}]}]}, /without a key, operator must be Exists/],
    [{policy: 'Maybe'}, /Unsupported value/],
  ];
  for (const [spec, message] of bad) await t.throwsAsync(cluster('bad', spec), {message});
});

function withRoles(roles: readonly string[]): Json {
  const namespaceSelector = {matchLabels: {'kubernetes.io/metadata.name': 'roles'}};
  return {
    namespaces: ['roles'],
    taskRoles: {provider: 'IRSA'},
    allowedRoles: [
      {namespaceSelector, roles},
      {namespaces: ['other'], roles: ['*']},
    ],
  };
}

function cluster(name: string, spec: Json): Promise<KubeObject> {
  const {apiVersion, kind} = clusters;
  return person.kube.apply(clusters, {apiVersion, kind, metadata: {name}, spec}, {fieldManager: 'a-person'});
}

function podSpec(deployment: KubeObject | undefined): Json {
  return (deployment?.spec as {template: {spec: Json}} | undefined)?.template.spec ?? {};
}

/** The node of each pod of a service; empty for one that has none. */
async function nodesOf(namespace: string, service: string): Promise<readonly string[]> {
  const pods = {apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true};
  const {items} = await person.kube.list(pods, {namespace, labelSelector: `ecs.drayage.dev/service=${service}`});
  return items.map(({spec}) => (spec as {nodeName?: string}).nodeName ?? '');
}
