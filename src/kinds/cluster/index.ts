import {keyOf} from '../../schema/object.ts';
import type {Kind, Watch} from '../kind.ts';
import {clusters, namespaces, services} from '../sources.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type ClusterSpec} from './schema.ts';
import {status} from './status.ts';

const watches: readonly Watch[] = [
  {source: namespaces, keys: (_changed, own) => own.map(keyOf)},
  // Another may have given up the name, or taken it.
  {source: clusters, keys: (changed, own) => own.filter(({metadata}) => metadata.name !== changed.metadata.name).map(keyOf)},
  // Counted once a minute, not at each change.
  {source: services, keys: () => []},
];

/** An ECS cluster: what others read when they place tasks, give them roles and judge how exact a translation is. */
export const cluster = {
  definition,
  watches,
  access: [],
  finalizer: false,
  parallel: 1,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<ClusterSpec, Observed>;
