import test from 'ava';
import * as fc from 'fast-check';
import type {RepositoryTemplate} from '../../src/aws/repository-templates.ts';
import type {Finding} from '../../src/cli/import/importer.ts';
import {pullThroughCacheSpec} from '../../src/cli/import/pull-through-cache.ts';
import {registryImporter} from '../../src/cli/import/registry.ts';
import {repositoryTemplateSpec} from '../../src/cli/import/repository-template.ts';
import {registry} from '../../src/kinds/ecr-registry/index.ts';
import {RegistrySpec} from '../../src/kinds/ecr-registry/schema.ts';
import {pullThroughCache} from '../../src/kinds/pull-through-cache/index.ts';
import {PullThroughCacheSpec} from '../../src/kinds/pull-through-cache/schema.ts';
import {repositoryTemplate} from '../../src/kinds/repository-template/index.ts';
import {RepositoryTemplateSpec} from '../../src/kinds/repository-template/schema.ts';
import type {Resource} from '../../src/schema/object.ts';
import {MemoryCache} from '../kinds/pull-through-cache/memory-cache.ts';
import {accountId, MemorySettings} from '../kinds/registry/memory-settings.ts';
import {MemoryTemplates} from '../kinds/repository-template/memory-templates.ts';
import {policy, rule} from '../support/ecr-look.ts';
import {walkOnce} from '../support/walk.ts';

/** What is imported and applied must change nothing in AWS, whatever is there. */
function objectOf<Spec>(kind: string, name: string, spec: Spec): Resource<Spec> {
  const metadata = {name, uid: 'u', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z'};
  return {apiVersion: 'ecr.drayage.dev/v1alpha1', kind, metadata, spec};
}

const prefix = fc.constantFrom('ROOT', 'team', 'team/app', 'a_b');
test('a template that is imported is taken as it is', async (t) => {
  const templates = fc.record(
    {
      prefix,
      appliedFor: fc.subarray(['CREATE_ON_PUSH', 'PULL_THROUGH_CACHE', 'REPLICATION'], {minLength: 1}),
      imageTagMutability: fc.constantFrom('MUTABLE', 'IMMUTABLE'),
      description: fc.constantFrom('for the team'),
      lifecyclePolicy: fc.integer({min: 1, max: 9}).map(rule),
      repositoryPolicy: fc.constantFrom('ecr:BatchGetImage', 'ecr:ListImages').map(policy),
      encryption: fc.constantFrom<NonNullable<RepositoryTemplate['encryption']>>(
        {encryptionType: 'AES256'},
        {encryptionType: 'KMS', kmsKey: 'arn:aws:kms:us-east-1:123456789012:key/k'},
      ),
      resourceTags: fc.constantFrom<Readonly<Record<string, string>>>({}, {team: 'shop'}),
    },
    {requiredKeys: ['prefix', 'appliedFor', 'imageTagMutability', 'resourceTags']},
  );
  await fc.assert(
    fc.asyncProperty(templates, async (given) => {
      const aws = new MemoryTemplates();
      const template = aws.put({...given, customRoleArn: `arn:aws:iam::${accountId}:role/ecr-templates`});
      const spec = RepositoryTemplateSpec.parse(JSON.parse(JSON.stringify(repositoryTemplateSpec(template, 'imported', 'default'))));
      const {steps, outcome} = await walkOnce(repositoryTemplate, objectOf('RepositoryTemplate', 'imported', spec), aws.doors());
      t.deepEqual(steps, []);
      t.like(outcome, {is: 'settled', reason: 'InSync'});
    }),
    {numRuns: 100},
  );
});

test('a rule that is imported is taken as it is', async (t) => {
  const credentialArn = `arn:aws:secretsmanager:us-east-1:${accountId}:secret:ecr-pullthroughcache/hub-AbCdEf`;
  const upstreams = fc.constantFrom(
    {upstreamRegistry: 'docker-hub', upstreamRegistryUrl: 'registry-1.docker.io', credentialArn},
    {upstreamRegistry: 'azure-container-registry', upstreamRegistryUrl: 'shop.azurecr.io', credentialArn},
    {
      upstreamRegistry: 'ecr',
      upstreamRegistryUrl: '210987654321.dkr.ecr.us-east-1.amazonaws.com',
      customRoleArn: `arn:aws:iam::${accountId}:role/pull`,
    },
    {upstreamRegistry: 'k8s', upstreamRegistryUrl: 'registry.k8s.io'},
  );
  await fc.assert(
    fc.asyncProperty(
      prefix,
      upstreams,
      fc.constantFrom('ROOT', 'library'),
      async (ecrRepositoryPrefix, upstream, upstreamRepositoryPrefix) => {
        const aws = new MemoryCache();
        const found = aws.putRule({ecrRepositoryPrefix, upstreamRepositoryPrefix, ...upstream});
        const spec = PullThroughCacheSpec.parse(pullThroughCacheSpec(found, 'imported', 'default'));
        const {steps, outcome} = await walkOnce(pullThroughCache, objectOf('PullThroughCache', 'imported', spec), aws.doors());
        t.deepEqual(steps, []);
        t.like(outcome, {is: 'settled', reason: 'InSync'});
      },
    ),
    {numRuns: 50},
  );
});

test('the settings of a registry that are imported are kept as they are, also a policy without Sids', async (t) => {
  const aws = new MemorySettings();
  const {Sid: _, ...nameless} = (JSON.parse(policy('ecr:ReplicateImage')) as {Statement: [{Sid: string}]}).Statement[0];
  aws.policy = JSON.stringify({Version: '2012-10-17', Statement: [nameless]});
  aws.replication = [{destinations: [{region: 'eu-west-1', registryId: accountId}], repositoryFilters: []}];
  aws.scan = {scanType: 'ENHANCED', rules: [{scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{filter: '*', filterType: 'WILDCARD'}]}]};
  aws.signing = [{signingProfileArn: `arn:aws:signer:us-east-1:${accountId}:/signing-profiles/p`, repositoryFilters: []}];
  aws.exclusions.add(`arn:aws:iam::${accountId}:role/scanner`);
  const {aws: doors} = aws.doors();
  const findings: Finding[] = [];
  const read = registryImporter.read({
    aws: doors,
    location: {accountId, region: 'us-east-1'},
    registry: 'default',
    filter: {names: [], patterns: [], excluded: []},
    includeOwned: false,
    most: 8,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  for await (const finding of read) findings.push(finding);
  const [finding] = findings;
  if (finding?.is !== 'object') return t.fail(JSON.stringify(findings));
  const spec = RegistrySpec.parse(finding.object['spec']);
  aws.take();
  const {outcome} = await walkOnce(registry, objectOf('Registry', 'default', spec), aws.doors());
  t.like(outcome, {is: 'settled', reason: 'Identified'});
  return t.deepEqual(aws.writes(), []);
});
