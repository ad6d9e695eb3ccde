import type {PullThroughCacheRule} from '../../aws/pull-through-cache-rules.ts';
import {PullThroughCacheSpec} from '../../kinds/pull-through-cache/schema.ts';
import {upstreamNames, upstreamOf} from '../../kinds/pull-through-cache/upstreams.ts';
import {pullThroughCaches} from '../../schema/types.ts';
import {patiently} from '../patiently.ts';
import {findingsByPrefix} from './by-prefix.ts';
import {isEverything} from './filter.ts';
import type {Finding, Importer, ImportRequest} from './importer.ts';

export const pullThroughCacheImporter: Importer = {kind: pullThroughCaches.kind, things: 'pull-through cache rules', read};

async function* read(request: ImportRequest): AsyncGenerator<Finding, void, undefined> {
  const {aws, location, registry, signal} = request;
  if (!isEverything(request.filter)) return;
  const rules = await patiently(() => aws.pullThroughCacheRules(location).all(), signal);
  const things = rules.map((rule) => ({
    prefix: rule.ecrRepositoryPrefix,
    spec: (name: string) => pullThroughCacheSpec(rule, name, registry),
  }));
  yield* findingsByPrefix(things, pullThroughCaches, PullThroughCacheSpec, request);
}

/** The spec that keeps a rule as it is; its credentials stay the secret in AWS that they are. */
export function pullThroughCacheSpec(rule: PullThroughCacheRule, objectName: string, registry: string) {
  const {ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn} = rule;
  // Rules from before AWS had names for upstreams have none.
  const upstreamRegistry = rule.upstreamRegistry ?? upstreamNames.find((name) => upstreamOf(name).url === upstreamRegistryUrl) ?? 'ecr';
  const known = upstreamNames.find((name) => name === upstreamRegistry);
  const isKnownUrl = known !== undefined && upstreamOf(known).url === upstreamRegistryUrl;
  return {
    ...(registry !== 'default' && {registryRef: {name: registry}}),
    ...(ecrRepositoryPrefix !== objectName && {ecrRepositoryPrefix}),
    upstreamRegistry,
    ...(!isKnownUrl && {upstreamRegistryUrl}),
    ...(upstreamRepositoryPrefix !== 'ROOT' && {upstreamRepositoryPrefix}),
    ...(credentialArn !== undefined && {credentialArn}),
    ...(customRoleArn !== undefined && {customRoleArn}),
    deletionPolicy: 'Retain',
  };
}
