import type {Resource} from '../../schema/object.ts';
import {registries} from '../../schema/types.ts';
import type {Applied, Kind} from '../kind.ts';
import {observe, type Observed} from './observe.ts';
import {plan} from './plan.ts';
import {definition, type RegistrySpec} from './schema.ts';
import {status} from './status.ts';

async function apply(step: never): Promise<Applied<Observed>> {
  throw new TypeError(`a Registry has no steps: ${JSON.stringify(step)}`);
}

/** Registry: which account and region, and who may use it. */
export const registry = {
  definition,
  watches: [],
  access: [],
  finalizer: false,
  parallel: 1,
  // Nobody must write one: `default` is the operator's own account and region.
  seed: {apiVersion: registries.apiVersion, kind: registries.kind, metadata: {name: 'default'}, spec: {}} satisfies Resource,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<RegistrySpec, Observed, never>;
