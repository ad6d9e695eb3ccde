import test from 'ava';
import {setTimeout as sleep} from 'node:timers/promises';
import {repository} from '../../src/kinds/repository/index.ts';
import {RepositorySpec} from '../../src/kinds/repository/schema.ts';
import type {Resource} from '../../src/schema/object.ts';
import {policy, rule} from '../support/ecr-look.ts';
import {walkOnce} from '../support/walk.ts';
import {type Account, notAsked, openAccount, prefix} from './account.ts';

let account: Account;
const name = `${prefix}/app`;

test.before(() => {
  account = openAccount();
});

test.after.always(async () => {
  if (notAsked === undefined) await account.aws.ecr({}).deleteRepository(name, {force: true});
  account.aws.close();
});

const ask = notAsked === undefined ? test.serial : test.skip;
if (notAsked !== undefined) console.log(`skipped: ${notAsked}`);

function resourceOf(spec: object, generation: number, status?: unknown): Resource<RepositorySpec> {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'Repository',
    metadata: {name: 'app', namespace: 'test', uid: 'u', generation},
    spec: RepositorySpec.parse({name, ...spec}),
    ...(status !== undefined && {status}),
  };
}

/** Walks as the engine does, until there is nothing to wait for. */
async function settle(resource: Resource<RepositorySpec>): ReturnType<typeof walk> {
  for (let tries = 0; ; tries += 1) {
    const walked = await walk(resource);
    const {outcome} = walked;
    if (outcome.is === 'settled' || tries === 20) return walked;
    await sleep(1000 * ('seconds' in outcome ? (outcome.seconds ?? 2) : 2));
    resource = walked.resource;
  }
}

function walk(resource: Resource<RepositorySpec>) {
  return walkOnce(repository, resource, account.doors);
}

const full = {
  imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: [{filterType: 'WILDCARD', filter: 'dev-*'}],
  imageScanningConfiguration: {scanOnPush: true},
  tags: [{key: 'purpose', value: 'drayage test'}],
  lifecyclePolicy: {lifecyclePolicyText: rule(5)},
  repositoryPolicy: {policyText: policy('ecr:BatchGetImage')},
};

let status: unknown;

ask('a repository is made, and what AWS answers of it is what the spec says', async (t) => {
  const made = await settle(resourceOf(full, 1));
  t.like(made.outcome, {is: 'settled', reason: 'InSync'});
  ({status} = made.resource);
  const again = await settle(resourceOf(full, 1, status));
  t.deepEqual(again.steps, []);
  t.like(again.outcome, {is: 'settled'});
});

ask('a change is made in place, and what leaves the spec is taken away', async (t) => {
  const changed = await settle(
    resourceOf(
      {imageTagMutability: 'MUTABLE', lifecyclePolicy: {rules: [JSON.parse(rule(9)).rules[0]]}, lifecycleGuard: 'Protect'},
      2,
      status,
    ),
  );
  t.like(changed.outcome, {is: 'settled', reason: 'InSync'});
  const ecr = account.aws.ecr({});
  t.is(await ecr.getRepositoryPolicy(name), undefined);
  t.like(await ecr.describeRepository(name), {imageTagMutability: 'MUTABLE'});
});

ask('it is deleted with Delete', async (t) => {
  const deleted = {...resourceOf({deletionPolicy: 'Delete'}, 3, status)};
  const gone = await settle({...deleted, metadata: {...deleted.metadata, deletionTimestamp: new Date().toISOString()}});
  t.like(gone.outcome, {is: 'settled', reason: 'Deleted'});
  t.is(await account.aws.ecr({}).describeRepository(name), undefined);
});
