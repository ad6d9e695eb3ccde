import type {Kind} from '../kind.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type PublicRepositorySpec} from './schema.ts';
import {status} from './status.ts';
import type {PublicRepositoryStep} from './step.ts';
import {watches} from './watches.ts';

/** PublicRepository: a repository in ECR Public, with its catalogue and policy. */
export const publicRepository = {
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
} satisfies Kind<PublicRepositorySpec, Observed, PublicRepositoryStep>;
