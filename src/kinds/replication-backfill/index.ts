import type {Kind} from '../kind.ts';
import {apply} from './apply.ts';
import {isOver} from './memory.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type ReplicationBackfillSpec} from './schema.ts';
import {status} from './status.ts';
import type {BackfillStep} from './step.ts';
import {watches} from './watches.ts';

/** ReplicationBackfill: images that are there already are replicated to a destination, once. */
export const replicationBackfill = {
  definition,
  watches,
  access: [],
  finalizer: true,
  isHeld: (resource) => !isOver(resource),
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<ReplicationBackfillSpec, Observed, BackfillStep>;
