import type {ConditionClaim} from '../kind.ts';
import {rememberedOf, runningImagesText} from './lifecycle-memory.ts';
import type {RepositorySpec, RepositoryStatus} from './schema.ts';

/** With lifecycleGuard Warn: that the policy takes images that ran when it was put. Not part of Ready, as they still run. */
export function lifecycleWarning(spec: RepositorySpec, status: RepositoryStatus): readonly ConditionClaim[] {
  const memory = rememberedOf(spec, status);
  if (spec.lifecycleGuard !== 'Warn' || memory?.evaluatedAt === undefined || !memory.runningImageTotalCount) return [];
  const message = `as of ${memory.evaluatedAt}, the lifecycle policy takes ${runningImagesText(memory)}`;
  return [{type: 'RunningImagesProtected', status: 'False', reason: 'LifecycleWouldExpireRunningImage', message, aside: true}];
}
