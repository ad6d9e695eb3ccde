import type {Kind} from '../kind.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type RepositoryTemplateSpec} from './schema.ts';
import {status} from './status.ts';
import type {TemplateStep} from './step.ts';
import {watches} from './watches.ts';

/** RepositoryTemplate: how ECR sets up the repositories that it creates by itself. */
export const repositoryTemplate = {
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
} satisfies Kind<RepositoryTemplateSpec, Observed, TemplateStep>;
