import type {Access, Kind} from '../kind.ts';
import {apply} from './apply.ts';
import {pullSecretGauges} from './gauges.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {clusterDefinition, definition, type ClusterPullSecretSpec, type PullSecretSpec} from './schema.ts';
import {status} from './status.ts';
import type {PullSecretStep} from './steps.ts';
import {watches} from './watches.ts';

const access: readonly Access[] = [
  {apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch', 'delete']},
  {apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'patch']},
];
const shared = {watches, gauges: pullSecretGauges, access, finalizer: true, parallel: 16, observe, plan, apply, status};

/** A pull secret for ECR in every selected namespace, renewed before it expires. */
export const clusterPullSecret = {definition: clusterDefinition, ...shared} satisfies Kind<ClusterPullSecretSpec, Observed, PullSecretStep>;

/** The same in one namespace. */
export const pullSecret = {definition, ...shared} satisfies Kind<PullSecretSpec, Observed, PullSecretStep>;
