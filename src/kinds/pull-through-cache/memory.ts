import type {Resource} from '../../schema/object.ts';
import type {PullThroughCacheSpec, PullThroughCacheStatus} from './schema.ts';

/** The status as it was last written; empty before. */
export function statusOf(resource: Resource<PullThroughCacheSpec>): PullThroughCacheStatus {
  return resource.status ?? {};
}
