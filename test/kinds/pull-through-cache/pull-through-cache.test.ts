import test from 'ava';
import * as fc from 'fast-check';
import {loginIn} from '../../../src/kinds/pull-through-cache/credential.ts';
import {pullThroughCache} from '../../../src/kinds/pull-through-cache/index.ts';
import {PullThroughCacheSpec, type PullThroughCacheStatus} from '../../../src/kinds/pull-through-cache/schema.ts';
import {upstreamNames, upstreamOf} from '../../../src/kinds/pull-through-cache/upstreams.ts';
import type {Metadata, Resource} from '../../../src/schema/object.ts';
import {Killed, walkOnce} from '../../support/walk.ts';
import {MemoryCache} from './memory-cache.ts';

type Spec = PullThroughCacheSpec;
const ref = {credentialSecretRef: {namespace: 'shop', name: 'login'}};

function resourceOf(spec: object, more: Partial<Metadata> = {}, status?: object): Resource<Spec> {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'PullThroughCache',
    metadata: {name: 'hub', uid: 'u1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', ...more},
    spec: PullThroughCacheSpec.parse(spec),
    ...(status && {status}),
  };
}

const walk = (resource: Resource<Spec>, aws: MemoryCache, others: readonly Resource[] = []) =>
  walkOnce(pullThroughCache, resource, aws.doors(others));

/** Walks until there is nothing to wait for. */
async function settle(resource: Resource<Spec>, aws: MemoryCache): ReturnType<typeof walk> {
  const walked = await walk(resource, aws);
  return walked.outcome.is === 'waiting' ? settle(walked.resource, aws) : walked;
}

const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/${name}`;
const auth = (text: string) => Buffer.from(text).toString('base64');
const config = (host: string, entry: object) => ({'.dockerconfigjson': JSON.stringify({auths: {[host]: entry}})});
const isValid = (spec: object) => PullThroughCacheSpec.safeParse(spec).success;
const gone = {deletionTimestamp: '2026-01-02T00:00:00Z'};

test('an upstream without credentials is a rule; it is asked whether it works', async (t) => {
  const aws = new MemoryCache();
  const first = await walk(resourceOf({upstreamRegistry: 'k8s'}), aws);
  t.like(first.outcome, {is: 'waiting', reason: 'Validating'});
  t.deepEqual(aws.take(), ['Find', 'CreateRule']);
  t.like(aws.rules.get('hub'), {upstreamRegistryUrl: 'registry.k8s.io', upstreamRepositoryPrefix: 'ROOT'});
  aws.names.push('hub/pause', 'hub/etcd', 'hubs/other');
  const second = await walk(first.resource, aws);
  t.like(second.outcome, {is: 'settled', reason: 'InSync'});
  t.like(second.report.fields, {
    uri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/hub',
    cachedRepositories: {count: 2, names: ['hub/pause', 'hub/etcd']},
  });
  t.like(second.report.conditions, [{type: 'Valid', status: 'True'}]);
  aws.take();
  const third = await walk(second.resource, aws);
  t.deepEqual(aws.take(), ['Find', 'Validate', 'Names']);
  t.deepEqual(third.report, second.report);
});

test('credentials of a Kubernetes Secret are carried into AWS, and again when they change', async (t) => {
  const aws = new MemoryCache();
  const resource = resourceOf({upstreamRegistry: 'docker-hub', ...ref});
  const without = await walk(resource, aws);
  t.like(without.outcome, {is: 'stalled', reason: 'CredentialSecretNotFound'});
  t.regex(without.outcome.message, /shop\/login.*drayage\.dev\/upstream-credentials: "true"/);
  aws.putSecret('1', {username: 'me', password: 'expired-1'});
  const {resource: made, outcome, report} = await settle(resource, aws);
  t.is(aws.secrets.get('ecr-pullthroughcache/hub')?.value, '{"username":"me","accessToken":"expired-1"}');
  t.like(aws.rules.get('hub'), {credentialArn: aws.secrets.get('ecr-pullthroughcache/hub')?.arn});
  t.like(outcome, {is: 'stalled', reason: 'UpstreamInvalid'});
  t.like(report.conditions, [{type: 'Valid', status: 'False', message: 'not let in'}]);
  aws.putSecret('2', {username: 'me', accessToken: 'good'});
  aws.take();
  const mended = await settle(made, aws);
  t.deepEqual(aws.take(), [
    'Find',
    'DescribeSecret',
    'Validate',
    'Names',
    'PutSecret',
    'TagSecret',
    'Find',
    'DescribeSecret',
    'Validate',
    'Names',
  ]);
  t.like(mended.outcome, {is: 'settled'});
  t.notRegex(JSON.stringify([mended.steps, mended.report, mended.outcome]), /good/);
});

test('a Secret that cannot be used says what it lacks, and what is there stays', async (t) => {
  const aws = new MemoryCache();
  aws.putSecret('1', {username: 'me', accessToken: 'good'});
  const {resource} = await settle(resourceOf({upstreamRegistry: 'docker-hub', ...ref}), aws);
  aws.putSecret('2', {username: 'me'});
  const broken = await walk(resource, aws);
  t.like(broken.outcome, {is: 'stalled', reason: 'CredentialSecretInvalid'});
  t.regex(broken.outcome.message, /no key accessToken/);
  t.is(aws.secrets.get('ecr-pullthroughcache/hub')?.value, '{"username":"me","accessToken":"good"}');
  aws.objects.splice(0);
  t.like((await walk(broken.resource, aws)).outcome, {reason: 'CredentialSecretNotFound'});
  t.true(aws.rules.has('hub'));
});

test('a secret in AWS that is not ours is not overwritten, and one that was deleted is restored', async (t) => {
  const aws = new MemoryCache();
  aws.putSecret('1', {username: 'me', accessToken: 'good'});
  const stored = {arn: 'arn:other', tags: {}, isDeleted: false, value: 'mine'};
  aws.secrets.set('ecr-pullthroughcache/hub', stored);
  const resource = resourceOf({upstreamRegistry: 'docker-hub', ...ref});
  t.like((await walk(resource, aws)).outcome, {is: 'stalled', reason: 'SecretNotOwned'});
  t.is(aws.secrets.get('ecr-pullthroughcache/hub')?.value, 'mine');
  aws.secrets.clear();
  const {resource: made} = await settle(resource, aws);
  const ours = aws.secrets.get('ecr-pullthroughcache/hub')!;
  aws.secrets.set('ecr-pullthroughcache/hub', {...ours, isDeleted: true});
  t.like((await settle(made, aws)).outcome, {is: 'settled'});
  t.false(aws.secrets.get('ecr-pullthroughcache/hub')?.isDeleted);
});

test('what AWS can change is changed, and the rest is made anew', async (t) => {
  const aws = new MemoryCache();
  const hub = {upstreamRegistry: 'docker-hub', credentialArn: arn('one')};
  const {resource} = await settle(resourceOf(hub), aws);
  aws.take();
  const other = await settle(resourceOf({...hub, credentialArn: arn('two')}, {generation: 2}, resource.status as object), aws);
  t.true(aws.take().includes('UpdateRule'));
  const {createdAt} = other.report.fields as PullThroughCacheStatus;
  const moved = await settle(
    resourceOf({upstreamRegistry: 'ecr-public', upstreamRepositoryPrefix: 'docker'}, {generation: 3}, other.resource.status as object),
    aws,
  );
  t.deepEqual(
    aws.take().filter((call) => call.endsWith('Rule')),
    ['DeleteRule', 'CreateRule'],
  );
  t.like(moved.outcome, {is: 'settled'});
  t.not((moved.report.fields as PullThroughCacheStatus).createdAt, createdAt);
  t.is(aws.rules.get('hub')?.credentialArn, undefined);
});

test('one that somebody made is left alone, unless it says the same, or is to be taken over', async (t) => {
  const aws = new MemoryCache();
  aws.putRule({ecrRepositoryPrefix: 'hub'});
  const foreign = await walk(resourceOf({upstreamRegistry: 'k8s'}), aws);
  t.like(foreign.outcome, {is: 'stalled', reason: 'RuleNotOwned'});
  t.regex(foreign.outcome.message, /differs in upstreamRegistry, upstreamRegistryUrl/);
  t.is((foreign.report.fields as PullThroughCacheStatus).createdAt, undefined);
  t.like((await walk(resourceOf({upstreamRegistry: 'quay'}), aws)).outcome, {is: 'settled'});
  t.like((await walk(resourceOf({upstreamRegistry: 'quay', adoptionPolicy: 'Never'}), aws)).outcome, {reason: 'RuleNotOwned'});
  t.like((await settle(resourceOf({upstreamRegistry: 'k8s', adoptionPolicy: 'Adopt'}), aws)).outcome, {is: 'settled'});
  t.is(aws.rules.get('hub')?.upstreamRegistryUrl, 'registry.k8s.io');
});

const lifecycle = {
  rules: [{rulePriority: 1, selection: {tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5}, action: {type: 'expire'}}],
};

test('the template comes before the rule, is kept, and goes when the spec no longer has it', async (t) => {
  const aws = new MemoryCache();
  const spec = {upstreamRegistry: 'k8s', template: {imageTagMutability: 'IMMUTABLE', lifecyclePolicy: lifecycle}};
  const made = await settle(resourceOf(spec), aws);
  t.deepEqual(made.outcome.reason, 'InSync');
  t.like(aws.templates.templates.get('hub'), {appliedFor: ['PULL_THROUGH_CACHE'], imageTagMutability: 'IMMUTABLE'});
  t.truthy((made.report.fields as PullThroughCacheStatus).template?.createdAt);
  aws.templates.templates.set('hub', {...aws.templates.templates.get('hub')!, imageTagMutability: 'MUTABLE'});
  const mended = await settle(made.resource, aws);
  t.deepEqual(
    mended.steps.map(({call}) => call),
    ['UpdateRepositoryCreationTemplate'],
  );
  t.is(aws.templates.templates.get('hub')?.imageTagMutability, 'IMMUTABLE');
  const without = await settle(resourceOf({upstreamRegistry: 'k8s'}, {generation: 2}, mended.resource.status as object), aws);
  t.deepEqual(
    without.steps.map(({call}) => call),
    ['DeleteRepositoryCreationTemplate'],
  );
  t.is((without.report.fields as PullThroughCacheStatus).template, undefined);
  t.deepEqual((await settle(without.resource, aws)).steps, []);
});

test('a template of somebody else is left alone, and no rule is made beside it; a bad one is told with its path', async (t) => {
  const aws = new MemoryCache();
  aws.templates.put({prefix: 'hub', imageTagMutability: 'IMMUTABLE', appliedFor: ['PULL_THROUGH_CACHE']});
  const foreign = await walk(resourceOf({upstreamRegistry: 'k8s', template: {}}), aws);
  t.like(foreign.outcome, {is: 'stalled', reason: 'TemplateNotOwned'});
  t.is(aws.rules.size, 0);
  t.like((await settle(resourceOf({upstreamRegistry: 'k8s', template: {imageTagMutability: 'IMMUTABLE'}}), aws)).outcome, {is: 'settled'});
  const bad = await walk(
    resourceOf({upstreamRegistry: 'k8s', template: {lifecyclePolicy: {lifecyclePolicyText: '{"rules": ['}}}),
    new MemoryCache(),
  );
  t.like(bad.outcome, {is: 'stalled', reason: 'InvalidLifecyclePolicy'});
  t.regex(bad.outcome.message, /^spec\.template\.lifecyclePolicy\.lifecyclePolicyText: /);
});

test('deletion: Retain leaves all, Delete takes the rule and then its secret, and nothing that is not ours', async (t) => {
  const aws = new MemoryCache();
  aws.putSecret('1', {username: 'me', accessToken: 'good'});
  const spec = {upstreamRegistry: 'docker-hub', ...ref, template: {}};
  const {resource} = await settle(resourceOf(spec), aws);
  t.like((await walk(resourceOf(spec, gone, resource.status as object), aws)).outcome, {reason: 'Retained'});
  const deleting = resourceOf({...spec, deletionPolicy: 'Delete'}, gone, resource.status as object);
  const rule = aws.rules.get('hub')!;
  aws.rules.set('hub', {...rule, createdAt: '2020-01-01T00:00:00.000Z'});
  t.like((await walk(deleting, aws)).outcome, {reason: 'Retained'});
  t.true(aws.rules.has('hub'));
  aws.rules.set('hub', rule);
  const deleted = await walk(deleting, aws);
  t.deepEqual(
    deleted.steps.map(({call}) => call),
    ['DeletePullThroughCacheRule', 'DeleteRepositoryCreationTemplate', 'DeleteSecret'],
  );
  t.like(deleted.outcome, {is: 'settled', reason: 'Deleted'});
  t.true(aws.secrets.get('ecr-pullthroughcache/hub')?.isDeleted);
});

test('of two objects of one prefix the older has it; a rule that was made elsewhere is not made again', async (t) => {
  const aws = new MemoryCache();
  const elder = resourceOf(
    {upstreamRegistry: 'k8s', ecrRepositoryPrefix: 'hub'},
    {name: 'elder', creationTimestamp: '2025-01-01T00:00:00Z'},
  );
  t.like((await walk(resourceOf({upstreamRegistry: 'k8s'}), aws, [elder])).outcome, {is: 'stalled', reason: 'PrefixTaken'});
  const elsewhere = resourceOf(
    {upstreamRegistry: 'k8s'},
    {},
    {registryId: '999999999999', region: 'us-east-1', createdAt: '2026-01-01T00:00:00Z'},
  );
  t.like((await walk(elsewhere, aws)).outcome, {is: 'stalled', reason: 'RegistryMoved'});
  t.deepEqual([...aws.rules.keys()], []);
});

test('Report changes nothing and says what differs', async (t) => {
  const aws = new MemoryCache();
  const {resource} = await settle(resourceOf({upstreamRegistry: 'k8s', driftPolicy: 'Report'}), aws);
  aws.rules.set('hub', {...aws.rules.get('hub')!, upstreamRepositoryPrefix: 'other'});
  t.like((await walk(resource, aws)).outcome, {is: 'stalled', reason: 'Drifted'});
  aws.rules.clear();
  t.like((await walk(resource, aws)).outcome, {is: 'stalled', reason: 'Drifted'});
  t.is(aws.rules.size, 0);
});

const login = (data: Readonly<Record<string, string>>, upstreamRegistry = 'docker-hub') =>
  loginIn((key) => data[key], PullThroughCacheSpec.parse({upstreamRegistry, ...ref}));

test('a Secret may have any of the usual forms', (t) => {
  const me = {is: 'login', username: 'me', accessToken: 'a:b'};
  t.deepEqual(login({username: 'me', accessToken: 'a:b'}), me as never);
  t.deepEqual(login({username: 'me', password: 'a:b'}), me as never);
  t.deepEqual(login(config('https://index.docker.io/v1/', {auth: auth('me:a:b')})), me as never);
  t.deepEqual(login(config('ghcr.io', {username: 'me', password: 'a:b'}), 'github-container-registry'), me as never);
  for (const data of [
    {},
    {username: 'me'},
    {username: '', password: 'x'},
    {'.dockerconfigjson': '{'},
    config('ghcr.io', {auth: auth('me:x')}),
  ]) {
    t.is(login(data).is, 'fault', JSON.stringify(data));
  }
});

test('a spec says what its upstream needs, and nothing else', (t) => {
  for (const upstreamRegistry of upstreamNames) {
    const {credentials, url} = upstreamOf(upstreamRegistry);
    const located = {upstreamRegistry, ...(url === undefined && {upstreamRegistryUrl: 'x.azurecr.io'})};
    t.is(isValid(located), credentials !== 'secret', upstreamRegistry);
    t.is(isValid({...located, ...ref}), credentials === 'secret', upstreamRegistry);
    if (url === undefined) t.false(isValid({upstreamRegistry, ...(credentials === 'secret' && ref)}), upstreamRegistry);
  }
  t.false(isValid({upstreamRegistry: 'quay', customRoleArn: 'arn:aws:iam::123456789012:role/x'}));
});

test('killed anywhere, it ends in the same state', async (t) => {
  const specs = fc.constantFrom<object>(
    {upstreamRegistry: 'k8s'},
    {upstreamRegistry: 'quay', upstreamRepositoryPrefix: 'org'},
    {upstreamRegistry: 'docker-hub', ...ref, template: {description: 'a'}},
    {upstreamRegistry: 'k8s', template: {imageTagMutability: 'IMMUTABLE'}},
    {upstreamRegistry: 'github-container-registry', ...ref},
  );
  await fc.assert(
    fc.asyncProperty(specs, specs, fc.array(fc.integer({min: 0, max: 4}), {maxLength: 5}), async (one, two, kills) => {
      const end = async (deaths: readonly number[]) => {
        const aws = new MemoryCache();
        aws.putSecret('1', {username: 'me', accessToken: 'good'});
        let status: object | undefined;
        for (const [index, spec] of [one, two].entries()) {
          const left = [...deaths];
          for (let round = 0; round < 12; round += 1) {
            let until = left.shift() ?? 100;
            try {
              const walked = await walkOnce(pullThroughCache, resourceOf(spec, {generation: index + 1}, status), aws.doors(), () => {
                if (until-- === 0) throw new Killed();
              });
              status = walked.resource.status as object;
              if (walked.outcome.is === 'settled' && left.length === 0) break;
            } catch (error) {
              if (!(error instanceof Killed)) throw error;
            }
          }
        }
        const {createdAt: _, updatedAt: __, ...rule} = aws.rules.get('hub') ?? {};
        const {createdAt: ___, updatedAt: ____, ...template} = aws.templates.templates.get('hub') ?? {};
        return {rule, template, secrets: [...aws.secrets.values()]};
      };
      t.deepEqual(await end(kills), await end([]));
    }),
    {numRuns: 100},
  );
});
