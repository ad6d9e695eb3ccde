import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {DescribeRepositoriesCommand, ListTagsForResourceCommand, paginateDescribeRepositories} from '@aws-sdk/client-ecr';
import test from 'ava';
import {eventually} from '../support/eventually.ts';
import {conditionOf, startStage, type Stage} from '../support/stage.ts';

const kills = Number(process.env['KILLS'] ?? 50);
const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const root = path.resolve(import.meta.dirname, '../..');
const namespace = 'killed';
const families = 3;

/** Numerical Recipes' generator: the same seed gives the same kills. */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function repository(index: number, value: string): object {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'Repository',
    metadata: {name: `r${index}`, namespace},
    spec: {
      name: `killed/r${index}`,
      tags: [{key: 'round', value}],
      deletionPolicy: index % 2 === 0 ? 'Delete' : 'Retain',
      lifecyclePolicy: {
        lifecyclePolicyText: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              selection: {tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 + index},
              action: {type: 'expire'},
            },
          ],
        }),
      },
    },
  };
}

function taskDefinition(family: number, version: number): object {
  return {
    apiVersion: 'ecs.drayage.dev/v1alpha1',
    kind: 'TaskDefinition',
    metadata: {name: `t${family}`, namespace},
    spec: {
      family: `t${family}`,
      networkMode: 'awsvpc',
      containerDefinitions: [
        {name: 'web', image: 'example.com/web:1', memory: 64, environment: [{name: 'VERSION', value: String(version)}]},
      ],
      service: {desiredCount: 1},
    },
  };
}

/** Its volume is a PersistentVolume, which nothing in a namespace can own. */
const batch = {
  apiVersion: 'ecs.drayage.dev/v1alpha1',
  kind: 'TaskDefinition',
  metadata: {name: 'batch', namespace},
  spec: {
    family: 'batch',
    containerDefinitions: [
      {name: 'main', image: 'example.com/batch:1', memory: 64, mountPoints: [{sourceVolume: 'data', containerPath: '/data'}]},
    ],
    volumes: [{name: 'data', dockerVolumeConfiguration: {driverOpts: {type: 'nfs4', device: ':/data', o: 'addr=203.0.113.1,nolock'}}}],
  },
};

function task(index: number): object {
  return {apiVersion: 'ecs.drayage.dev/v1alpha1', kind: 'Task', metadata: {name: `k${index}`, namespace}, spec: {taskDefinition: 'batch'}};
}

/** What a person does in each round. */
async function change({cluster}: Stage, round: number): Promise<void> {
  await cluster.apply(JSON.stringify(repository(round, 'first')));
  if (round >= 2) await cluster.apply(JSON.stringify(repository(round - 2, 'second')));
  await cluster.apply(JSON.stringify(task(round)));
  if (round >= 4 && isDeleted(round - 4)) {
    await cluster.kubectl(['delete', `repository/r${round - 4}`, `task.ecs.drayage.dev/k${round - 4}`, '-n', namespace, '--wait=false']);
  }
  await cluster.apply(JSON.stringify(taskDefinition(round % families, Math.floor(round / families))));
  await cluster.kubectl(['create', 'namespace', `killed-${round}`]);
}

function isDeleted(index: number): boolean {
  return index % 3 === 0 && index <= kills - 5;
}

test(`killed at any moment ${kills} times (SEED=${seed}), it ends in the same state: no orphan, nothing created twice`, async (t) => {
  execFileSync(process.execPath, ['src/generate/bundle.ts'], {cwd: root});
  const stage = await startStage({nodes: 1});
  try {
    const random = randomFrom(seed);
    const {cluster, cloud} = stage;
    const settings = {entry: path.join(root, 'dist/drayage.js'), flags: ['--leader-elect=false', '--log-level=debug']};
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.apply(
      JSON.stringify({
        apiVersion: 'ecr.drayage.dev/v1alpha1',
        kind: 'ClusterPullSecret',
        metadata: {name: 'ecr'},
        spec: {secretName: 'ecr-pull'},
      }),
    );
    await cluster.apply(JSON.stringify(batch));
    await cloud.resetCalls();
    for (let round = 0; round < kills; round++) {
      const operator = await stage.operator(settings);
      const [changed] = await Promise.all([change(stage, round), sleep(300 + random() * 2200)]);
      t.is(changed, undefined);
      await operator.kill();
    }
    const last = await stage.operator(settings);
    await settled(stage);
    await inECR(stage);
    await inKubernetes(stage);
    t.is(await last.stop(), 0);
  } finally {
    await stage.stop();
  }

  async function inECR({cloud}: Stage): Promise<void> {
    const names: string[] = [];
    for await (const page of paginateDescribeRepositories({client: cloud.ecr}, {})) {
      names.push(...(page.repositories ?? []).map((each) => each.repositoryName ?? ''));
    }
    const all = Array.from({length: kills}, (_, index) => index);
    const made = (await cloud.calls())
      .filter((call) => call.operation === 'CreateRepository' && call.status === 200)
      .map((call) => call.repositoryName ?? '');
    t.deepEqual(made.toSorted(), [...new Set(made)].toSorted(), 'no repository was created twice');
    // An object that came and went while no operator lived long enough to see it never had a repository.
    const kept = all.filter((index) => !isDeleted(index) || (index % 2 === 1 && made.includes(`killed/r${index}`)));
    t.deepEqual(
      names.toSorted(),
      kept.map((index) => `killed/r${index}`).toSorted(),
      'those deleted with Delete are gone, those with Retain are there',
    );
    t.log(`${made.length} repositories were created, ${made.length - names.length} of them deleted again`);
    for (const index of all.filter((each) => !isDeleted(each) && each < kills - 2)) {
      const {repositories} = await cloud.ecr.send(new DescribeRepositoriesCommand({repositoryNames: [`killed/r${index}`]}));
      const {tags = []} = await cloud.ecr.send(new ListTagsForResourceCommand({resourceArn: repositories?.[0]?.repositoryArn}));
      t.is(tags.find((tag) => tag.Key === 'round')?.Value, 'second', `tags of r${index}`);
    }
  }

  async function inKubernetes({cluster}: Stage): Promise<void> {
    const namesOf = async (what: string): Promise<readonly string[]> => {
      const {stdout} = await cluster.kubectl([
        'get',
        what,
        '-A',
        '-o',
        'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
      ]);
      return stdout.split('\n').filter((line) => line !== '');
    };
    const namespaces = (await namesOf('namespaces')).map((name) => name.slice(1)).filter((name) => !name.startsWith('kube-'));
    const secrets = (await namesOf('secrets')).filter((name) => name.endsWith('/ecr-pull'));
    t.deepEqual(secrets.toSorted(), namespaces.map((name) => `${name}/ecr-pull`).toSorted(), 'one pull secret in each namespace');
    const revisions = (await namesOf('controllerrevisions')).filter((name) => name.startsWith(`${namespace}/`));
    t.is(revisions.length, new Set(revisions).size);
    for (let family = 0; family < Math.min(families, kills); family++) {
      const versions = Math.ceil((kills - family) / families);
      const task = await stage.get('taskdefinition', `t${family}`, namespace);
      const latest = Number(task?.status?.['revision']);
      // A version that came and went while no operator lived was never seen; none is counted twice.
      t.true(latest >= 1 && latest <= versions, `revision ${latest} of t${family}, which had ${versions} versions`);
      t.is(revisions.filter((name) => name.startsWith(`${namespace}/t${family}-`)).length, latest, `revisions of t${family}`);
    }
    const deployments = (await namesOf('deployments')).filter((name) => name.startsWith(`${namespace}/`));
    t.is(deployments.length, Math.min(families, kills), 'one Deployment for each family');
    const kept = Array.from({length: kills}, (_, index) => `${namespace}/k${index}`).filter((_, index) => !isDeleted(index));
    const jobs = (await namesOf('jobs')).filter((name) => name.startsWith(`${namespace}/`));
    t.deepEqual(jobs.toSorted(), kept.toSorted(), 'one Job for each Task');
    t.is((await namesOf('persistentvolumes')).length, kept.length, 'the volumes of Tasks that are there, and no others');
  }
});

async function settled({cluster}: Stage): Promise<void> {
  await eventually(
    'everything is Ready, and what was deleted is gone',
    async () => {
      const {stdout} = await cluster.kubectl(['get', 'drayage', '-A', '-o', 'json']);
      const {items} = JSON.parse(stdout) as {readonly items: readonly Parameters<typeof conditionOf>[0][]};
      // A Task that runs is Ready when it has ended, which no pod here does.
      const isAsItMustBe = (item: (typeof items)[number]): boolean => {
        const ready = conditionOf(item, 'Ready');
        return item?.metadata.deletionTimestamp === undefined && (ready?.status === 'True' || ready?.reason === 'Running');
      };
      const waiting = items.filter((item) => !isAsItMustBe(item));
      if (waiting.length > 0)
        throw new Error(waiting.map((item) => `${item?.metadata.name}: ${JSON.stringify(item?.status?.conditions)}`).join('\n'));
      return true;
    },
    {seconds: 120, everyMs: 1000},
  );
}
