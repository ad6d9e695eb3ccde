import type {Kind} from '../kind.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type PullThroughCacheSpec} from './schema.ts';
import {status} from './status.ts';
import type {CacheStep} from './step.ts';
import {watches} from './watches.ts';

/** PullThroughCache: an upstream registry that ECR caches, with the credentials for it. */
export const pullThroughCache = {
  definition,
  watches,
  access: [],
  finalizer: true,
  isHeld: ({spec}) => spec.deletionPolicy !== 'Retain',
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<PullThroughCacheSpec, Observed, CacheStep>;
