import type {Kind} from '../kind.ts';
import {pullSecretGauges} from '../pull-secret-metrics.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type ClusterPullSecretSpec} from './schema.ts';
import {status} from './status.ts';
import type {PullSecretStep} from './steps.ts';
import {watches} from './watches.ts';

/** A pull secret for ECR in every selected namespace, renewed before it expires. */
export const clusterPullSecret = {
  definition,
  watches,
  access: [
    {apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch', 'delete']},
    {apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'patch']},
  ],
  finalizer: true,
  parallel: 16,
  gauges: pullSecretGauges,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<ClusterPullSecretSpec, Observed, PullSecretStep>;
