import type {Kind} from '../kind.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type RepositorySpec} from './schema.ts';
import {status} from './status.ts';
import type {RepositoryStep} from './step.ts';
import {watches} from './watches.ts';

/** Repository: a private ECR repository, with its settings and policies. */
export const repository = {
  definition,
  watches,
  access: [],
  finalizer: true,
  // With Retain nothing is done when the object goes.
  isHeld: ({spec}) => spec.deletionPolicy !== 'Retain',
  // Creation comes before what needs the repository, and ownership before all else.
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<RepositorySpec, Observed, RepositoryStep>;
