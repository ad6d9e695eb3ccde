import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {namespaces, registries, repositories} from '../../src/schema/types.ts';
import {cliOf} from '../support/cli.ts';
import {lookAt, policy, rule, type EcrLook} from '../support/ecr-look.ts';
import {eventually} from '../support/eventually.ts';
import {startScene, type Scene} from '../support/scene.ts';

const ns = 'shop';
let scene: Scene;
let look: EcrLook;
let drayage: ReturnType<typeof cliOf>;
let folder: string;

test.before(async () => {
  scene = await startScene();
  look = lookAt(scene.stage.cloud.ecr);
  drayage = cliOf(scene.stage);
  folder = await mkdtemp(path.join(tmpdir(), 'drayage-import-'));
  await scene.namespace(ns);
});

test.after.always(async () => {
  await scene?.stop();
  if (folder) await rm(folder, {recursive: true, force: true});
});

const key = 'arn:aws:kms:us-east-1:123456789012:key/0f3d6a4e-0000-4000-8000-000000000001';
const sorts: readonly Omit<CreateRepositoryCommandInput, 'repositoryName'>[] = [
  {},
  {imageTagMutability: 'IMMUTABLE', tags: [{Key: 'team', Value: 'shop'}]},
  {
    imageScanningConfiguration: {scanOnPush: true},
    tags: [
      {Key: 'on', Value: 'yes'},
      {Key: 'Kosten stelle', Value: ''},
    ],
  },
  {encryptionConfiguration: {encryptionType: 'KMS', kmsKey: key}},
  {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [
      {filterType: 'WILDCARD', filter: 'dev-*'},
      {filterType: 'WILDCARD', filter: 'test'},
    ],
  },
];
const names = [...Array.from({length: 26}, (_, index) => `team-${index % 3}/app_${index}`), 'shop/web', 'shop-web', 'shop_web', 'x.y/z'];

/** Everything of every repository that a spec can hold, without the tags of ownership. */
async function settings(): Promise<readonly unknown[]> {
  return Promise.all(
    names.map(async (name) => {
      const {imageTagMutability, imageTagMutabilityExclusionFilters, imageScanningConfiguration, encryptionConfiguration} =
        await look.found(name);
      const tags = Object.entries(await look.tagsOf(name)).filter(([one]) => !one.startsWith('drayage.dev/'));
      return {
        name,
        imageTagMutability,
        imageTagMutabilityExclusionFilters,
        imageScanningConfiguration,
        encryptionConfiguration,
        tags,
        lifecycle: await look.lifecycleOf(name),
        policy: await look.policyOf(name),
      };
    }),
  );
}

test.serial('what exists is imported, applied, and kept as it is', async (t) => {
  const {ecr} = scene.stage.cloud;
  for (const [index, repositoryName] of names.entries()) {
    await ecr.send(new CreateRepositoryCommand({repositoryName, ...sorts[index % sorts.length]}));
    if (index % 2 === 0) await ecr.send(new PutLifecyclePolicyCommand({repositoryName, lifecyclePolicyText: rule(index + 1)}));
    if (index % 3 === 0) await ecr.send(new SetRepositoryPolicyCommand({repositoryName, policyText: policy('ecr:BatchGetImage')}));
  }
  const before = await settings();

  const first = await drayage(['import', '-n', ns, '--output-dir', folder]);
  t.log(first.err);
  t.is(first.code, 0);
  t.is(first.out, '');
  t.regex(first.err, /\nwrote 30 files to .*\nimported 30 Repositories\n$/);
  const files = await readdir(folder);
  t.is(files.length, 30);
  t.true(files.every((file) => /^repository-[a-z0-9.-]+\.yaml$/.test(file)));

  const planned = await drayage(['plan', '-f', folder, '--cluster', '-o', 'json', '--detailed-exitcode']);
  t.is(planned.code, 2, planned.err);
  const {objects} = JSON.parse(planned.out) as {objects: {steps: {call: string; why: string}[]}[]};
  t.is(objects.length, 30);
  t.deepEqual(
    [...new Set(objects.map(({steps}) => steps.map(({call, why}) => `${call}: ${why}`).join()))],
    ['TagResource: tags differ: drayage.dev/owner, drayage.dev/owner-uid'],
  );

  await scene.stage.operator();
  await scene.ready({type: registries, name: 'default'});
  const since = new Date();
  const applied = await scene.stage.cluster.kubectl(['apply', '--validate=strict', '-f', folder]);
  t.is(applied.code, 0, applied.stderr);
  await eventually('all are Ready', async () => {
    const {items} = await scene.kube.list(repositories, {namespace: ns});
    return items.length === 30 && items.every((item) => JSON.stringify(item['status'] ?? '').includes('"InSync"'));
  });
  const writes = (await scene.calls(since)).map(({operation}) => operation).filter((call) => !/^(?:Describe|List|Get|Assume)/.test(call));
  t.deepEqual(
    writes,
    Array.from({length: 30}, () => 'TagResource'),
  );
  t.deepEqual(await settings(), before);

  const after = await drayage(['plan', '-f', folder, '--cluster', '--detailed-exitcode']);
  t.is(after.out, 'Plan: 0 calls on 0 objects; 30 objects are as they say\n');
  t.is(after.code, 0, after.err);
  const again = await drayage(['import', '--dry-run']);
  t.is(again.out, '');
  t.regex(again.err, /\nwould import nothing, 30 skipped\n$/);
  const whole = await drayage(['import', '-n', ns, '--include-owned', '--output-dir', folder]);
  t.is(whole.code, 0);
  t.regex(whole.err, /wrote 0 files to .*; 30 were there already\n/);
});

test.serial('a plan says what a change of a file would do, with the cluster and with its id', async (t) => {
  const file = path.join(folder, 'repository-team-0-app-0.yaml');
  const text = await readFile(file, 'utf8');
  const input = text.replace('spec:\n', 'spec:\n  imageTagMutability: IMMUTABLE\n').replace(/ {2}lifecyclePolicy:\n(?: {4,}.*\n)+/, '');
  t.not(input, text);
  const {code, out, err} = await drayage(['plan', '-f', '-'], {input});
  t.is(err, '');
  t.is(code, 0);
  t.is(
    out,
    `Repository shop/team-0-app-0 (stdin:1)
  ~ PutImageTagMutability  imageTagMutability is MUTABLE in ECR, and IMMUTABLE in the spec
  - DeleteLifecyclePolicy  the spec no longer has a lifecycle policy

Plan: 2 calls on 1 object
`,
  );
  t.is((await look.found('team-0/app_0')).imageTagMutability, 'MUTABLE');
  const elsewhere = await drayage(['plan', '-f', '-', '--region', 'eu-west-1'], {input});
  t.is(elsewhere.code, 1);
  t.regex(
    elsewhere.err,
    /the Registry default of the cluster is account 123456789012 in us-east-1, and this would plan for .* in eu-west-1/,
  );
  const uid = (await scene.kube.get({type: namespaces, name: 'kube-system'}))?.metadata.uid ?? '';
  const offline = await drayage(['plan', '-f', '-', '--no-cluster', '--cluster-id', uid], {input});
  t.regex(offline.out, /~ PutImageTagMutability/);
  t.notRegex(offline.out, /DeleteLifecyclePolicy|NotOwned/, 'without the status nobody knows who set the policy');
  const stranger = await drayage(['plan', '-f', '-', '--no-cluster', '--cluster-id', 'another'], {
    input: input.replace('adoptionPolicy: Adopt', 'adoptionPolicy: IfOwned'),
  });
  t.is(stranger.code, 1);
  t.regex(stranger.out, /! RepositoryNotOwned: /);
});

test.serial('Ctrl-C ends an import without a file', async (t) => {
  const directory = path.join(folder, 'interrupted');
  const {code, out} = await drayage(['import', '--include-owned', '--output-dir', directory], {interruptAt: 'reading account'});
  t.is(code, 130);
  t.is(out, '');
  await t.throwsAsync(readdir(directory), {code: 'ENOENT'});
});
