import type {PullThroughCacheRule} from '../../aws/pull-through-cache-rules.ts';
import type {Resource} from '../../schema/object.ts';
import type {PullThroughCacheSpec} from './schema.ts';
import {upstreamOf} from './upstreams.ts';

/** The tag that says which version of which Kubernetes Secret was carried into AWS. */
export const versionTag = 'drayage.dev/secret-version';

export function prefixOf({metadata, spec}: Resource<PullThroughCacheSpec>): string {
  return spec.ecrRepositoryPrefix ?? metadata.name;
}

/** ECR only reads secrets of this prefix. */
export function storedNameOf(resource: Resource<PullThroughCacheSpec>): string {
  return `ecr-pullthroughcache/${prefixOf(resource)}`;
}

export function upstreamUrlOf({upstreamRegistry, upstreamRegistryUrl}: PullThroughCacheSpec): string {
  return upstreamRegistryUrl ?? upstreamOf(upstreamRegistry).url ?? '';
}

/** The rule that the spec describes. */
export function wantedRule(resource: Resource<PullThroughCacheSpec>, credentialArn: string | undefined): PullThroughCacheRule {
  const {spec} = resource;
  return {
    ecrRepositoryPrefix: prefixOf(resource),
    upstreamRegistry: spec.upstreamRegistry,
    upstreamRegistryUrl: upstreamUrlOf(spec),
    upstreamRepositoryPrefix: spec.upstreamRepositoryPrefix,
    ...(credentialArn !== undefined && {credentialArn}),
    ...(spec.customRoleArn !== undefined && {customRoleArn: spec.customRoleArn}),
  };
}

type Member = 'upstreamRegistry' | 'upstreamRegistryUrl' | 'upstreamRepositoryPrefix' | 'credentialArn' | 'customRoleArn';

/** AWS can set these anew, and never take them away. */
const changeable: ReadonlySet<Member> = new Set(['credentialArn', 'customRoleArn']);
const members: readonly Member[] = [
  'upstreamRegistry',
  'upstreamRegistryUrl',
  'upstreamRepositoryPrefix',
  'credentialArn',
  'customRoleArn',
];

export interface Difference {
  readonly members: readonly Member[];
  /** Whether AWS can change the rule, or it must be made anew. */
  readonly inPlace: boolean;
}

/** In what a rule differs from the one that is wanted; `undefined` where it does not. Older rules do not name their upstream. */
export function differenceOf(wanted: PullThroughCacheRule, actual: PullThroughCacheRule): Difference | undefined {
  const different = members.filter((member) => {
    if (member === 'upstreamRegistry' && actual.upstreamRegistry === undefined) return false;
    return wanted[member] !== actual[member];
  });
  if (different.length === 0) return undefined;
  return {members: different, inPlace: different.every((member) => changeable.has(member) && wanted[member] !== undefined)};
}
