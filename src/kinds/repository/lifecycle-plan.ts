import type {Resource} from '../../schema/object.ts';
import type {Outcome} from '../outcome.ts';
import {memoryAfter, type PreviewMemory, rememberedOf, runningImagesText} from './lifecycle-memory.ts';
import {statusOf} from './memory.ts';
import type {Found} from './observed.ts';
import type {RepositorySpec} from './schema.ts';
import type {RepositoryStep} from './step.ts';

/** How long ECR is left to its preview, in seconds. */
const previewSeconds = 3;
/** When a change that is held back is looked at again, if no pod that needs the image goes before; in seconds. */
const heldSeconds = 300;

/** Steps, and what is true after them where that is not that all is as the spec says. */
export interface Guarded {
  readonly steps: readonly RepositoryStep[];
  readonly then?: Outcome;
}

/**
 * Lets a changed lifecycle policy through only when ECR has told what it would do, and, unless lifecycleGuard is Warn, only
 * when no image goes by it that runs in this cluster. All other steps are taken.
 */
export function guardLifecycle(resource: Resource<RepositorySpec>, found: Found, steps: readonly RepositoryStep[], now: Date): Guarded {
  const put = steps.find((step) => step.call === 'PutLifecyclePolicy');
  const look = found.lifecycleLook;
  if (put === undefined || resource.spec.lifecycleGuard === 'Off') return {steps};
  const others = steps.filter((step) => step !== put);
  const {location, name, text} = put;
  switch (look?.is) {
    case 'new':
    case 'empty':
      return {steps};
    case undefined: {
      const why = 'the lifecycle policy is to be changed, and what it would do must be known first';
      const start = {call: 'StartLifecyclePolicyPreview', why, location, name, text} as const;
      return {steps: [...others, start], then: previewing(resource, name)};
    }
    case 'busy':
    case 'underWay':
      return {steps: others, then: previewing(resource, name)};
    case 'failed': {
      const message = `ECR could not tell what the lifecycle policy would do to ${name}; it was not changed`;
      return {steps: others, then: {is: 'failed', reason: 'LifecyclePreviewFailed', message}};
    }
    case 'complete': {
      const {spec} = resource;
      if (look.endangered.length === 0 || spec.lifecycleGuard === 'Warn') return {steps};
      const memory = memoryAfter(spec, statusOf(resource), look, now);
      return {steps: others, then: heldBack(name, memory ?? {}, heldSeconds)};
    }
  }
  return look satisfies never;
}

/** A change that is held back stays so in the eyes of users while its preview is made anew. */
function previewing(resource: Resource<RepositorySpec>, name: string): Outcome {
  const memory = rememberedOf(resource.spec, statusOf(resource));
  const isHeld = resource.spec.lifecycleGuard === 'Protect' && (memory?.runningImageTotalCount ?? 0) > 0;
  if (isHeld && memory) return heldBack(name, memory, previewSeconds);
  const message = `ECR is working out which images of ${name} the lifecycle policy would expire`;
  return {is: 'waiting', reason: 'LifecyclePreviewing', message, seconds: previewSeconds};
}

function heldBack(name: string, memory: Partial<PreviewMemory>, seconds: number): Outcome {
  const way = 'roll out another image, add a rule of a lower rulePriority that keeps these, or set spec.lifecycleGuard to Warn or Off';
  const message = `the lifecycle policy of ${name} was not changed, because the new one takes ${runningImagesText(memory)}; ${way}`;
  return {is: 'stalled', reason: 'LifecycleWouldExpireRunningImage', message, seconds};
}
