import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {PutReplicationConfigurationCommand} from '@aws-sdk/client-ecr';
import test from 'ava';
import {kinds} from '../../src/kinds/registry.ts';
import {pushBusybox} from '../support/push.ts';
import {personOf, type Person} from '../support/place.ts';
import {startStage, type Stage} from '../support/stage.ts';

const examples = path.resolve(import.meta.dirname, '../../examples');
/** The objects of the quickstart, and of the other examples, by plural. */
const shown: Readonly<Record<string, readonly string[]>> = {
  registries: ['default'],
  repositories: ['web', '-n', 'shop'],
  repositorytemplates: ['shop'],
  pullthroughcaches: ['docker-hub'],
  publicrepositories: ['cart', '-n', 'shop'],
  replicationbackfills: ['to-ireland'],
  clusterpullsecrets: ['ecr'],
  clusters: ['default'],
  pullsecrets: ['charts', '-n', 'argocd'],
  taskdefinitions: ['web', '-n', 'shop'],
  services: ['web', '-n', 'shop'],
  tasks: ['migrate-to-1-4', '-n', 'shop'],
  scheduledtasks: ['refresh-prices', '-n', 'shop'],
};
const definitions = kinds.map(({definition}) => definition);

let stage: Stage | undefined;
let person: Person;

// The quickstart, so that what is seen here is what a person sees who follows it.
test.before(async () => {
  stage = await startStage({nodes: 1});
  const {cluster, cloud} = stage;
  person = personOf(cluster);
  await stage.operator();
  const files = [
    'quickstart/namespace.yaml',
    'quickstart/repository.yaml',
    'quickstart/cluster-pull-secret.yaml',
    'repository-template/shop.yaml',
    'pull-through-cache/docker-hub.yaml',
    'public-repository/public-repository.yaml',
    'replication-backfill/move.yaml',
    'cluster/default.yaml',
    'pull-secret/argo-cd.yaml',
    'task/migration.yaml',
    'scheduled-task/hourly.yaml',
  ];
  // A backfill needs a rule that it is for.
  const rules = [{destinations: [{region: 'eu-west-1', registryId: cloud.accountId}]}];
  await cloud.ecr.send(new PutReplicationConfigurationCommand({replicationConfiguration: {rules}}));
  await person.kubectl('create', 'namespace', 'argocd');
  // What the example of a Cluster asks of nodes for FARGATE.
  await person.kubectl('label', 'node', '--all', 'eks.amazonaws.com/compute-type=auto', 'karpenter.sh/capacity-type=on-demand');
  for (const file of files) await cluster.apply(await readFile(path.join(examples, file), 'utf8'));
  await person.kubectl('wait', '--for=condition=Ready', 'repository/web', '-n', 'shop', '--timeout=60s');
  await pushBusybox(cloud, 'shop/web:1');
  const spec = JSON.parse(await readFile(path.join(examples, 'quickstart/task-definition.json'), 'utf8')) as object;
  const metadata = {name: 'web', namespace: 'shop'};
  const object = {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'TaskDefinition', metadata, spec: {...spec, service: {desiredCount: 2}}};
  await cluster.apply(JSON.stringify(object));
  for (const {plural, apiVersion} of definitions) {
    const type = `${plural}.${apiVersion.split('/')[0]}`;
    // The Registry is made by the operator at its start, a moment before or after the rest.
    await person.kubectl('wait', '--for=create', type, '--timeout=60s', ...objectOf(plural));
    await person.kubectl('wait', '--for=condition=Ready', type, '--timeout=90s', ...objectOf(plural));
  }
});

test.after.always(async () => {
  await person?.close();
  await stage?.stop();
});

test('a kind that is added here must be shown in the quickstart', (t) => {
  t.deepEqual(definitions.map(({plural}) => plural).toSorted(), Object.keys(shown).toSorted());
});

for (const definition of definitions) {
  const {kind, plural, apiVersion, shortNames, columns} = definition;
  const type = `${plural}.${apiVersion.split('/')[0]}`;

  test(`kubectl explain tells of ${kind}, and of every field of its first two levels`, async (t) => {
    const explained = await person.kubectl('explain', explainable(definition));
    t.regex(explained, new RegExp(`^GROUP: +${apiVersion.split('/')[0]}\nKIND: +${kind}\n`));
    t.notRegex(explained, /DESCRIPTION:\s+(<empty>|FIELDS)/);
    t.deepEqual(emptyFields(explained), []);
    for (const part of ['spec', 'status']) {
      const level = await person.kubectl('explain', `${explainable(definition)}.${part}`);
      t.notRegex(level, /DESCRIPTION:\s+(<empty>|FIELDS)/, part);
      t.deepEqual(emptyFields(level), [], part);
    }
  });

  test(`kubectl get prints the columns of ${kind}, each with something in it`, async (t) => {
    const [header = '', row = ''] = (await person.kubectl('get', type, ...objectOf(plural))).trimEnd().split('\n');
    const plain = columns.filter(({priority = 0}) => priority === 0).map(({name}) => name.toUpperCase());
    t.deepEqual(words(header), ['NAME', 'READY', 'STATUS', ...plain, 'AGE']);
    t.is(words(row).length, words(header).length, `${header}\n${row}`);
    t.is(words(row)[1], 'True');
    t.notRegex(row, /<none>|<no value>|null/);
  });

  test(`kubectl describe ${kind} ends with what happened, and shows no token`, async (t) => {
    const described = await person.kubectl('describe', type, ...objectOf(plural));
    t.regex(described, /^Status:$/m);
    t.regex(described, /Reason: +[A-Z][A-Za-z]+/);
    t.notRegex(described, /auth|password|QVdTO/);
  });

  test(`the short names of ${kind} lead to it, and to nothing else`, async (t) => {
    const resources = await apiResources();
    for (const short of [...shortNames, kind.toLowerCase()].filter((name) => name !== 'service')) {
      const others = resources.filter((one) => one.shortNames.includes(short) || one.name === short || one.kind.toLowerCase() === short);
      t.deepEqual(
        others.map(({name, group}) => `${name}.${group}`),
        [type],
        short,
      );
      t.regex(await person.kubectl('get', short, '-A', '-o', 'name'), new RegExp(`^${definition.singular}\\.`));
    }
  });
}

test('kubectl get drayage -A shows every kind', async (t) => {
  const all = await person.kubectl('get', 'drayage', '-A', '-o', 'name');
  const shownKinds = all
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(0, line.indexOf('/')));
  const every = definitions.map(({singular, apiVersion}) => `${singular}.${apiVersion.split('/')[0]}`);
  t.deepEqual([...new Set(shownKinds)].toSorted(), every.toSorted());
});

test('service and svc stay the core kind', async (t) => {
  for (const name of ['service', 'svc', 'services']) {
    t.regex(await person.kubectl('get', name, '-n', 'default', '-o', 'name'), /^service\/kubernetes$/m);
  }
});

const outputFile = process.env['DRAYAGE_KUBECTL_OUTPUT'];
if (outputFile !== undefined) {
  test('the output for the guide is written down', async (t) => {
    const parts: Record<string, Record<string, string>> = {};
    for (const definition of definitions) {
      const {plural, kind, apiVersion} = definition;
      const type = `${plural}.${apiVersion.split('/')[0]}`;
      parts[kind] = {
        get: await person.kubectl('get', type, ...objectOf(plural).slice(1)),
        describe: await person.kubectl('describe', type, ...objectOf(plural)),
        explain: await person.kubectl('explain', `${explainable(definition)}.spec`),
      };
    }
    await writeFile(outputFile, JSON.stringify(parts, null, 1));
    t.pass();
  });
}

/** To kubectl explain, `services.ecs.drayage.dev` is the field `ecs` of the core kind; a short name is none of the core's. */
function explainable({plural, shortNames}: (typeof definitions)[number]): string {
  return plural === 'services' ? (shortNames[0] ?? plural) : plural;
}

function objectOf(plural: string): readonly string[] {
  return shown[plural] ?? [];
}

function words(line: string): readonly string[] {
  return line.trim().split(/\s{2,}/);
}

/** Fields that kubectl lists with `<no description>` or nothing under them. Kubernetes' own fields all have one. */
function emptyFields(explained: string): readonly string[] {
  const lines = explained.slice(explained.indexOf('FIELDS:')).split('\n');
  return lines.flatMap((line, index) => {
    const name = /^ {2}(\w+)\t/.exec(line)?.[1];
    const below = lines.slice(index + 1, index + 3).find((next) => next.trim() !== '' && !/^ {2}enum:/.test(next));
    return name !== undefined && (below === undefined || /<no description>/.test(below) || !/^ {4}\S/.test(below)) ? [name] : [];
  });
}

interface ApiResource {
  readonly name: string;
  readonly shortNames: readonly string[];
  readonly group: string;
  readonly kind: string;
}

async function apiResources(): Promise<readonly ApiResource[]> {
  const text = await person.kubectl('api-resources', '--no-headers');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const cells = line.trim().split(/\s+/);
      const [name = ''] = cells;
      const [version = '', , kind = ''] = cells.slice(-3);
      return {name, shortNames: cells.length === 5 ? (cells[1] ?? '').split(',') : [], group: version.split('/')[0] ?? '', kind};
    });
}
