import test from 'ava';
import {pullThroughCache} from '../../src/kinds/pull-through-cache/index.ts';
import {PullThroughCacheSpec} from '../../src/kinds/pull-through-cache/schema.ts';
import {repositoryTemplate} from '../../src/kinds/repository-template/index.ts';
import {RepositoryTemplateSpec} from '../../src/kinds/repository-template/schema.ts';
import type {Resource} from '../../src/schema/object.ts';
import {rule} from '../support/ecr-look.ts';
import {walkOnce} from '../support/walk.ts';
import {type Account, notAsked, openAccount, prefix} from './account.ts';

let account: Account;

test.before(() => {
  account = openAccount();
});

test.after.always(async () => {
  if (notAsked === undefined) {
    await account.aws.repositoryTemplates({}).delete(prefix);
    await account.aws.pullThroughCacheRules({}).delete(prefix);
  }
  account.aws.close();
});

const ask = notAsked === undefined ? test.serial : test.skip;
if (notAsked !== undefined) console.log(`skipped: ${notAsked}`);

const metadata = {name: prefix, uid: 'u', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z'};

const templateOf = (spec: object, status?: unknown): Resource<RepositoryTemplateSpec> => ({
  apiVersion: 'ecr.drayage.dev/v1alpha1',
  kind: 'RepositoryTemplate',
  metadata,
  spec: RepositoryTemplateSpec.parse({appliedFor: ['CREATE_ON_PUSH'], ...spec}),
  ...(status !== undefined && {status}),
});

ask('a template is made, changed and cleared, and what AWS answers of it is what the spec says', async (t) => {
  const full = {description: 'a test', lifecyclePolicy: {lifecyclePolicyText: rule(5)}, imageTagMutability: 'IMMUTABLE'};
  const made = await walkOnce(repositoryTemplate, templateOf(full), account.doors);
  t.like(made.outcome, {is: 'settled', reason: 'InSync'});
  const again = await walkOnce(repositoryTemplate, made.resource, account.doors);
  t.deepEqual(again.steps, []);
  const cleared = await walkOnce(repositoryTemplate, templateOf({}, made.resource.status), account.doors);
  t.like(cleared.outcome, {is: 'settled'});
  const settled = await walkOnce(repositoryTemplate, cleared.resource, account.doors);
  t.deepEqual(settled.steps, [], 'an empty text clears a member');
});

ask('a rule for a public upstream is made, and AWS says that it works', async (t) => {
  const resource: Resource<PullThroughCacheSpec> = {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'PullThroughCache',
    metadata,
    spec: PullThroughCacheSpec.parse({upstreamRegistry: 'ecr-public', ecrRepositoryPrefix: prefix}),
  };
  const made = await walkOnce(pullThroughCache, resource, account.doors);
  t.like(made.outcome, {is: 'waiting', reason: 'Validating'});
  const valid = await walkOnce(pullThroughCache, made.resource, account.doors);
  t.like(valid.outcome, {is: 'settled', reason: 'InSync'});
});
