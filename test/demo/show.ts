import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {DescribeImagesCommand, DescribeRepositoriesCommand} from '@aws-sdk/client-ecr';
import type {KubeObject} from '../../src/schema/object.ts';
import {eventually} from '../support/eventually.ts';
import {pushBusybox} from '../support/push.ts';
import {say, type Demo, tokenSeconds} from './bring-up.ts';

const examples = path.resolve(import.meta.dirname, '../../examples/quickstart');

/** The main job, step by step; throws where anything is not as it should be. */
export async function showOff(demo: Demo): Promise<void> {
  const {cluster, cloud} = demo;
  say('kubectl apply: a namespace, a Repository, a ClusterPullSecret');
  for (const file of ['namespace.yaml', 'repository.yaml', 'cluster-pull-secret.yaml']) {
    await cluster.apply(await readFile(path.join(examples, file), 'utf8'));
  }
  await ready(demo, 'repository/web', 'shop');
  await ready(demo, 'clusterpullsecret/ecr');

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
  await ready(demo, 'taskdefinition/web', 'shop');
  await ready(demo, 'service.ecs.drayage.dev/web', 'shop', 180);

  await table(demo);

  say(`Rotating: tokens live ${tokenSeconds} s here, and are renewed at half of that`);
  const before = await secretContent(demo);
  const after = await eventually(
    'the secret holds a new token',
    async () => {
      const content = await secretContent(demo);
      return content.data !== before.data && content;
    },
    {seconds: tokenSeconds + 30},
  );
  if (after.uid !== before.uid) throw new Error('the secret was replaced, not renewed in place');
  const [newest] = (await cloud.tokens.list()).map((token) => new Date(token.issuedAt)).toSorted((a, b) => b.getTime() - a.getTime());
  await cloud.tokens.expireAll(newest);
  say('The secret was renewed in place. The old token is made invalid; new pods must pull with the new one');
  await cluster.kubectl(['delete', 'pod', '-n', 'shop', '--all', '--wait=true', '--timeout=60s']);
  await ready(demo, 'service.ecs.drayage.dev/web', 'shop', 180);
  await print(demo, ['get', 'pods', '-n', 'shop']);
  await cloud.tokens.setLifetime(43_200);
  say('They do. That is the main job.');
}

interface SecretContent {
  readonly uid: string | undefined;
  readonly data: unknown;
}

async function secretContent(demo: Demo): Promise<SecretContent> {
  const {stdout} = await demo.cluster.kubectl(['get', 'secret', 'ecr-pull', '-n', 'shop', '-o', 'json']);
  const secret = JSON.parse(stdout) as KubeObject;
  return {uid: secret.metadata.uid, data: JSON.stringify(secret['data'])};
}

async function table(demo: Demo): Promise<void> {
  say('In Kubernetes:');
  await print(demo, ['get', 'registries.ecr.drayage.dev']);
  await print(demo, ['get', 'repositories.ecr.drayage.dev,clusterpullsecrets.ecr.drayage.dev', '-A']);
  await print(demo, ['get', 'taskdefinitions.ecs.drayage.dev,services.ecs.drayage.dev,deployments,pods', '-n', 'shop']);
  say('In ECR:');
  const {repositories = []} = await demo.cloud.ecr.send(new DescribeRepositoriesCommand({}));
  const rows = repositories.map(async (repository) => {
    const {repositoryName} = repository;
    const images = await demo.cloud.ecr.send(new DescribeImagesCommand({repositoryName}));
    return {repository: repositoryName, mutability: repository.imageTagMutability, tags: images.imageDetails?.flatMap((image) => image.imageTags ?? []).join(', ')};
  });
  console.table(await Promise.all(rows));
  say('What could not be carried over from the task definition:');
  await print(demo, ['get', 'taskdefinition', 'web', '-n', 'shop', '-o', String.raw`jsonpath={range .status.notes[*]}{.level}{"\t"}{.path}{"\t"}{.message}{"\n"}{end}`]);
}

async function ready({cluster}: Demo, what: string, namespace?: string, seconds = 60): Promise<void> {
  const where = namespace === undefined ? [] : ['-n', namespace];
  const done = await cluster.kubectl(['wait', '--for=condition=Ready', what, ...where, `--timeout=${seconds}s`]);
  if (done.code === 0) return;
  const {stdout} = await cluster.kubectl(['get', what, ...where, '-o', 'yaml']);
  const pods = await cluster.kubectl(['describe', 'pods', ...where]);
  throw new Error(`${what} did not become Ready within ${seconds} s: ${done.stderr}\n${stdout}\n${pods.stdout.slice(-3000)}`);
}

async function print({cluster}: Demo, args: readonly string[]): Promise<void> {
  const {stdout, stderr, code} = await cluster.kubectl(args);
  console.log(stdout.trimEnd());
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}
