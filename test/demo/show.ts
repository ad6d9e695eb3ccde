import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {DescribeImagesCommand, DescribeRepositoriesCommand} from '@aws-sdk/client-ecr';
import type {KubeObject} from '../../src/schema/object.ts';
import {eventually} from '../support/eventually.ts';
import {pushBusybox} from '../support/push.ts';
import {say, type Stage} from './bring-up.ts';

const examples = path.resolve(import.meta.dirname, '../../examples/quickstart');

/** The main job, step by step; throws where anything is not as it should be. */
export async function showOff(stage: Stage): Promise<void> {
  const {cluster, cloud} = stage;
  say('kubectl apply: a namespace, a Repository, a ClusterPullSecret');
  for (const file of ['namespace.yaml', 'repository.yaml', 'cluster-pull-secret.yaml']) {
    await cluster.apply(await readFile(path.join(examples, file), 'utf8'));
  }
  await ready(stage, 'repository/web', 'shop');
  await ready(stage, 'clusterpullsecret/ecr');

  say('Pushing an image to the new repository');
  await pushBusybox(cloud, 'shop/web:1');

  say('Pasting task-definition.json into a TaskDefinition, with a service of two tasks');
  const spec = JSON.parse(await readFile(path.join(examples, 'task-definition.json'), 'utf8')) as Record<string, unknown>;
  await cluster.apply(
    JSON.stringify({
      apiVersion: 'ecs.drayage.dev/v1alpha1',
      kind: 'TaskDefinition',
      metadata: {name: 'web', namespace: 'shop'},
      spec: {...spec, service: {desiredCount: 2}},
    }),
  );
  await ready(stage, 'taskdefinition/web', 'shop');
  await ready(stage, 'service.ecs.drayage.dev/web', 'shop', 180);

  await table(stage);

  say('Rotating: every token issued so far is made invalid');
  const before = await secretAnnotations(stage);
  await cloud.tokens.expireAll();
  await cluster.kubectl(['annotate', 'clusterpullsecret', 'ecr', 'drayage.dev/refresh=now', '--overwrite']);
  await eventually('the secret holds a new token', async () => (await secretAnnotations(stage)) !== before, {seconds: 60});
  say('The secret was renewed in place; starting a pod that pulls with it');
  await cluster.kubectl(['delete', 'pod', '-n', 'shop', '--all', '--wait=false']);
  await ready(stage, 'service.ecs.drayage.dev/web', 'shop', 180);
  await print(stage, ['get', 'pods', '-n', 'shop']);
  say('It pulls. Done.');
}

async function secretAnnotations(stage: Stage): Promise<string> {
  const {stdout} = await stage.cluster.kubectl(['get', 'secret', 'ecr-pull', '-n', 'shop', '-o', 'json']);
  return JSON.stringify((JSON.parse(stdout) as KubeObject).metadata.annotations);
}

async function table(stage: Stage): Promise<void> {
  say('In Kubernetes:');
  await print(stage, ['get', 'registries.ecr.drayage.dev']);
  await print(stage, ['get', 'repositories.ecr.drayage.dev,clusterpullsecrets.ecr.drayage.dev', '-A']);
  await print(stage, ['get', 'taskdefinitions.ecs.drayage.dev,services.ecs.drayage.dev,deployments,pods', '-n', 'shop']);
  say('In ECR:');
  const {repositories = []} = await stage.cloud.ecr.send(new DescribeRepositoriesCommand({}));
  const rows = repositories.map(async (repository) => {
    const {repositoryName} = repository;
    const images = await stage.cloud.ecr.send(new DescribeImagesCommand({repositoryName}));
    return {repository: repositoryName, mutability: repository.imageTagMutability, tags: images.imageDetails?.flatMap((image) => image.imageTags ?? []).join(', ')};
  });
  console.table(await Promise.all(rows));
  say('What could not be carried over from the task definition:');
  await print(stage, ['get', 'taskdefinition', 'web', '-n', 'shop', '-o', String.raw`jsonpath={range .status.notes[*]}{.level}{"\t"}{.path}{"\t"}{.message}{"\n"}{end}`]);
}

async function ready({cluster}: Stage, what: string, namespace?: string, seconds = 60): Promise<void> {
  const where = namespace === undefined ? [] : ['-n', namespace];
  const done = await cluster.kubectl(['wait', '--for=condition=Ready', what, ...where, `--timeout=${seconds}s`]);
  if (done.code === 0) return;
  const {stdout} = await cluster.kubectl(['get', what, ...where, '-o', 'yaml']);
  const pods = await cluster.kubectl(['describe', 'pods', ...where]);
  throw new Error(`${what} did not become Ready within ${seconds} s: ${done.stderr}\n${stdout}\n${pods.stdout.slice(-3000)}`);
}

async function print({cluster}: Stage, args: readonly string[]): Promise<void> {
  const {stdout, stderr, code} = await cluster.kubectl(args);
  console.log(stdout.trimEnd());
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}
