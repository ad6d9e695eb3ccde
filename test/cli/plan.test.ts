import path from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {awsError, callerIdentity, environmentFor, type FakeAws, fakeAws, repositoryJson, type Request} from '../aws-door/fake-ecr.ts';
import {rule} from '../support/ecr-look.ts';
import {temporaryFolder} from '../support/temp-folder.ts';
import {drayage} from './program.ts';

interface Known {
  readonly tags?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

function account(known: Readonly<Record<string, Known>>): Promise<FakeAws> {
  return fakeAws((request: Request) => {
    const {action, input} = request;
    switch (action) {
      case 'sts:GetCallerIdentity':
        return callerIdentity;
      case 'ecr:ListTagsForResource': {
        const {tags = {}} = known[String(input['resourceArn']).split(':repository/')[1] ?? ''] ?? {};
        return {body: {tags: Object.entries(tags).map(([Key, Value]) => ({Key, Value}))}};
      }
      case 'ecr:GetLifecyclePolicy':
        return awsError('LifecyclePolicyNotFoundException', 'none');
      case 'ecr:DescribeRepositories': {
        const names = input['repositoryNames'] as readonly string[];
        const missing = names.find((name) => !Object.hasOwn(known, name));
        if (missing !== undefined) return awsError('RepositoryNotFoundException', `The repository with name '${missing}' does not exist`);
        return {body: {repositories: names.map((name) => repositoryJson(name, known[name]?.more))}};
      }
      default:
        return awsError('AccessDeniedException', `a plan called ${action}`);
    }
  });
}

function repository(name: string, spec: object = {}, namespace = 'shop'): string {
  return JSON.stringify({apiVersion: 'ecr.drayage.dev/v1alpha1', kind: 'Repository', metadata: {name, namespace}, spec});
}

async function plan(server: FakeAws, input: string, ...flags: readonly string[]) {
  return drayage(['plan', '-f', '-', '--no-cluster', '--cluster-id', 'c', ...flags], {environment: environmentFor(server.url), input});
}

const note =
  'Note: no cluster was asked (--no-cluster). The status of the objects, Registries and namespaces outside of these files were not known.\n';

test('what is missing would be created, what differs would be changed, and what is foreign needs a person', async (t) => {
  const owned = {'drayage.dev/owner': 'c/shop/b', 'drayage.dev/owner-uid': 'u'};
  await using server = await account({b: {tags: owned}, c: {}, d: {}});
  const input = [
    repository('a', {lifecyclePolicy: {lifecyclePolicyText: rule(1)}}),
    repository('b', {imageTagMutability: 'IMMUTABLE'}),
    repository('c'),
    repository('d', {adoptionPolicy: 'Adopt'}),
  ].join('\n---\n');
  const {code, out, err} = await plan(server, input);
  t.is(err, '');
  t.is(code, 1);
  t.is(
    out,
    `Repository shop/a (stdin:1)
  + CreateRepository    there is no repository a yet
  ~ PutLifecyclePolicy  the repository is new

Repository shop/b (stdin:3)
  ~ TagResource            tags differ: drayage.dev/owner-uid
  ~ PutImageTagMutability  imageTagMutability is MUTABLE in ECR, and IMMUTABLE in the spec

Repository shop/c (stdin:5)
  ! RepositoryNotOwned: the repository c exists and belongs to no object of this cluster; nothing was touched; to take it over, set spec.adoptionPolicy to Adopt

Repository shop/d (stdin:7)
  ~ TagResource  tags differ: drayage.dev/owner, drayage.dev/owner-uid

${note}
Plan: 5 calls on 3 objects; 1 object needs a person
`,
  );
  const reads = ['ecr:DescribeRepositories', 'ecr:ListTagsForResource', 'sts:GetCallerIdentity'];
  t.deepEqual([...new Set(server.requests.map(({action}) => action))].toSorted(), reads);
});

test('--detailed-exitcode tells changes from none', async (t) => {
  await using server = await account({});
  t.is((await plan(server, repository('a'))).code, 0);
  t.is((await plan(server, repository('a'), '--detailed-exitcode')).code, 2);
  t.is((await plan(server, '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}', '--detailed-exitcode')).code, 0);
});

test('without the id of the cluster, nobody is called foreign for sure', async (t) => {
  await using server = await account({a: {tags: {'drayage.dev/owner': 'c/shop/a'}}});
  const {code, out} = await drayage(['plan', '-f', '-', '--no-cluster'], {environment: environmentFor(server.url), input: repository('a')});
  t.is(code, 1);
  t.regex(out, /or it is this cluster's own: that could not be judged without --cluster-id/);
  t.regex(out, /Note: .*Ownership could not be judged/);
});

test('json and yaml hold every object, and nothing of what would be sent', async (t) => {
  await using server = await account({});
  const input = repository('a', {repositoryPolicy: {policyText: '{"Id":"do-not-print"}'}});
  const {out} = await plan(server, input, '-o', 'json');
  const {objects, summary} = JSON.parse(out) as {objects: unknown[]; summary: object};
  t.deepEqual(objects, [
    {
      where: 'stdin:1',
      kind: 'Repository',
      namespace: 'shop',
      name: 'a',
      steps: [
        {call: 'CreateRepository', why: 'there is no repository a yet'},
        {call: 'SetRepositoryPolicy', why: 'the repository is new'},
      ],
      outcome: {is: 'settled', reason: 'InSync', message: 'the repository a is as the spec says'},
    },
  ]);
  t.deepEqual(summary, {calls: 2, changed: 1, inSync: 0, needPerson: 0, failed: 0, local: 0});
  t.deepEqual(parse((await plan(server, input, '--output=yaml')).out), JSON.parse(out));
  t.false(out.includes('do-not-print'));
});

const bad: Readonly<Record<string, readonly [input: string, why: RegExp]>> = {
  'a field that is misspelt': [
    repository('a', {imageTagMutabilty: 'IMMUTABLE', tags: [{key: 'a', value: 'b', vlaue: ''}]}),
    /InvalidSpec: spec\.imageTagMutabilty: there is no such field; spec\.tags\[0\]\.vlaue/,
  ],
  'a field of the wrong type': [repository('a', {imageTagMutability: 3}), /InvalidSpec: spec\.imageTagMutability: /],
  'a kind of ours that there is not': [
    '{apiVersion: ecr.drayage.dev/v1alpha1, kind: Repo, metadata: {name: a}}',
    /stdin:1: there is no kind Repo/,
  ],
  'an object twice': [`${repository('a')}\n---\n${repository('a')}`, /stdin:3: Repository a is also in stdin:1/],
  'no name': [
    '{apiVersion: ecr.drayage.dev/v1alpha1, kind: Repository, metadata: {generateName: a-}}',
    /metadata\.name of this Repository is missing/,
  ],
  'no object': ['- a\n', /stdin:1: is no object/],
  'a Registry that there is not': [repository('a', {registryRef: {name: 'other'}}), /RegistryNotFound/],
};

for (const [name, [input, why]] of Object.entries(bad)) {
  test(`${name} is said, and the rest is planned`, async (t) => {
    await using server = await account({});
    const {code, out} = await plan(server, `${input}\n---\n${repository('good')}`);
    t.is(code, 1);
    t.regex(out, why);
    t.regex(out, /CreateRepository/);
  });
}

test('YAML that is none is said with its place, and other files are planned', async (t) => {
  await using server = await account({});
  const {write} = temporaryFolder(t);
  const [broken, good] = [write('a.yaml', 'apiVersion: v1\nkind: [a\nmetadata: {}\n'), write('b.yaml', repository('b'))];
  const {code, out} = await drayage(['plan', '-f', broken, '-f', good, '--no-cluster'], {environment: environmentFor(server.url)});
  t.is(code, 1);
  t.regex(out, /^! .*a\.yaml:[23]: /);
  t.regex(out, /CreateRepository/);
});

test('Registries and namespaces come from the files, too, and lists are opened', async (t) => {
  await using server = await account({});
  const items = [
    {
      apiVersion: 'ecr.drayage.dev/v1alpha1',
      kind: 'Registry',
      metadata: {name: 'prod'},
      spec: {allowedNamespaces: {matchLabels: {stage: 'prod'}}},
    },
    {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop', labels: {stage: 'prod'}}},
    JSON.parse(repository('a', {registryRef: {name: 'prod'}})),
    JSON.parse(repository('b', {registryRef: {name: 'prod'}}, 'test')),
  ];
  const {out} = await plan(server, JSON.stringify({apiVersion: 'v1', kind: 'List', items}));
  t.regex(out, /Repository shop\/a \(stdin:1 items\[2\]\)\n {2}\+ CreateRepository/);
  t.regex(out, /Repository test\/b \(stdin:1 items\[3\]\)\n {2}! NamespaceNotAllowed/);
  t.regex(out, /Plan: 1 call on 1 object; 1 object is as it says; 1 object needs a person\n$/);
});

test('kinds without anything in AWS are named and no failure, and AWS is not asked for them', async (t) => {
  await using server = await account({});
  const input = [
    'ecr.drayage.dev/v1alpha1 ClusterPullSecret',
    'ecs.drayage.dev/v1alpha1 TaskDefinition',
    'ecs.drayage.dev/v1alpha1 Service',
  ]
    .map((text) => text.split(' '))
    .map(([apiVersion, kind]) => JSON.stringify({apiVersion, kind, metadata: {name: 'x'}}))
    .join('\n---\n');
  const {code, out} = await plan(server, input);
  t.is(code, 0);
  t.is(out, 'Only in the cluster, nothing to set in AWS: 1 ClusterPullSecret, 1 TaskDefinition, 1 Service\n\nPlan: 0 calls on 0 objects\n');
  t.deepEqual(server.requests, []);
});

test('a folder is read by name, and folders in it with -R', async (t) => {
  await using server = await account({});
  const {folder, write} = temporaryFolder(t);
  write('b.yaml', repository('b'));
  write('a.json', repository('a'));
  write('c.txt', repository('c'));
  const environment = environmentFor(server.url);
  const {out} = await drayage(['plan', '-f', folder, '--no-cluster', '-o', 'json'], {environment});
  const {objects} = JSON.parse(out) as {objects: {where: string}[]};
  t.deepEqual(
    objects.map(({where}) => where),
    [`${path.join(folder, 'a.json')}:1`, `${path.join(folder, 'b.yaml')}:1`],
  );
  const above = await drayage(['plan', '-f', path.dirname(path.join(folder, 'x')), '-R', '--no-cluster', '-o', 'json'], {environment});
  t.is((JSON.parse(above.out) as {objects: unknown[]}).objects.length, 2);
});

test('a cluster that does not answer is a note, and a failure where it was asked for', async (t) => {
  await using server = await account({});
  const {write} = temporaryFolder(t);
  const kubeconfig = write(
    'config',
    `{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}], clusters: [{name: a, cluster: {server: "http://127.0.0.1:9"}}], users: [{name: a, user: {}}]}`,
  );
  const environment = {...environmentFor(server.url), KUBECONFIG: kubeconfig};
  const input = repository('a');
  const {code, out} = await drayage(['plan', '-f', '-'], {environment, input});
  t.is(code, 0);
  t.regex(out, /Note: no cluster was asked: http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
  const needed = await drayage(['plan', '-f', '-', '--cluster'], {environment, input});
  t.is(needed.code, 1);
  t.is(needed.out, '');
  t.regex(needed.err, /^drayage plan: http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/);
});
