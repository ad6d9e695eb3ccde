import {
  CreatePullThroughCacheRuleCommand,
  DeletePullThroughCacheRuleCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  type PullThroughCacheRule as SdkRule,
  UpdatePullThroughCacheRuleCommand,
  type UpstreamRegistry,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr';
import {answer, done} from './answer.ts';
import type {Caller} from './caller.ts';
import {absent} from './errors.ts';
import {everyPage} from './pages.ts';
import type {PullThroughCacheRule, PullThroughCacheRules} from './pull-through-cache-rules.ts';

const noRule = 'PullThroughCacheRuleNotFoundException';
const namesMilliseconds = 5 * 60_000;

export function createPullThroughCacheRulesDoor(options: {
  readonly client: ECRClient;
  readonly call: Caller;
  readonly registryId?: string;
}): PullThroughCacheRules {
  const {client, call} = options;
  const registry = options.registryId === undefined ? {} : {registryId: options.registryId};
  const of = (ecrRepositoryPrefix: string) => ({...registry, ecrRepositoryPrefix});
  let names: {readonly value: Promise<readonly string[]>; readonly until: number} | undefined;

  return {
    find: (prefix) =>
      call('DescribePullThroughCacheRules', prefix, async () => {
        const command = new DescribePullThroughCacheRulesCommand({...registry, ecrRepositoryPrefixes: [prefix]});
        const output = await client.send(command).catch(absent(noRule));
        const found = output?.pullThroughCacheRules?.find((rule) => rule.ecrRepositoryPrefix === prefix);
        return found && ruleOf(found);
      }),

    all: () =>
      call('DescribePullThroughCacheRules', undefined, async () => {
        const rules = await everyPage(async (nextToken) => {
          const output = await client.send(new DescribePullThroughCacheRulesCommand({...registry, ...nextToken}));
          return {items: output.pullThroughCacheRules, nextToken: output.nextToken};
        });
        return rules.map(ruleOf);
      }),

    create: (rule) =>
      call('CreatePullThroughCacheRule', rule.ecrRepositoryPrefix, async () => {
        const {upstreamRegistry, upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn} = rule;
        const command = new CreatePullThroughCacheRuleCommand({
          ...of(rule.ecrRepositoryPrefix),
          upstreamRegistryUrl,
          ...(upstreamRegistry !== undefined && {upstreamRegistry: upstreamRegistry as UpstreamRegistry}),
          ...(upstreamRepositoryPrefix !== 'ROOT' && {upstreamRepositoryPrefix}),
          ...(credentialArn !== undefined && {credentialArn}),
          ...(customRoleArn !== undefined && {customRoleArn}),
        });
        const output = await client.send(command).catch(absent('PullThroughCacheRuleAlreadyExistsException'));
        return answer(output && ruleOf(output), output);
      }),

    update: (prefix, change) =>
      call('UpdatePullThroughCacheRule', prefix, async () => {
        const output = await client.send(new UpdatePullThroughCacheRuleCommand({...of(prefix), ...change}));
        return answer({...(output.updatedAt && {updatedAt: output.updatedAt.toISOString()})}, output);
      }),

    delete: (prefix) =>
      call('DeletePullThroughCacheRule', prefix, async () =>
        done(await client.send(new DeletePullThroughCacheRuleCommand(of(prefix))).catch(absent(noRule))),
      ),

    validate: (prefix) =>
      call('ValidatePullThroughCacheRule', prefix, async () => {
        const output = await client.send(new ValidatePullThroughCacheRuleCommand(of(prefix))).catch(absent(noRule));
        if (output === undefined) return undefined;
        return output.isValid === true ? {isValid: true} : {isValid: false, failure: output.failure ?? 'AWS gives no reason'};
      }),

    repositoryNames() {
      if (names && performance.now() < names.until) return names.value;
      const value = call('DescribeRepositories', undefined, async () => {
        const found = await everyPage(async (nextToken) => {
          const output = await client.send(new DescribeRepositoriesCommand({...registry, maxResults: 1000, ...nextToken}));
          return {items: output.repositories, nextToken: output.nextToken};
        });
        return found.map(({repositoryName = ''}) => repositoryName).toSorted();
      });
      const asked = {value, until: performance.now() + namesMilliseconds};
      names = asked;
      value.catch(() => {
        if (names === asked) names = undefined;
      });
      return value;
    },
  };
}

function ruleOf(rule: SdkRule): PullThroughCacheRule {
  const {ecrRepositoryPrefix = '', upstreamRegistry, upstreamRegistryUrl = '', credentialArn, customRoleArn, createdAt, updatedAt} = rule;
  return {
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
    upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix || 'ROOT',
    ...(upstreamRegistry && {upstreamRegistry}),
    ...(credentialArn && {credentialArn}),
    ...(customRoleArn && {customRoleArn}),
    ...(createdAt && {createdAt: createdAt.toISOString()}),
    ...(updatedAt && {updatedAt: updatedAt.toISOString()}),
  };
}
