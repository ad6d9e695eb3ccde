import type {Resource} from '../../schema/object.ts';
import {registries} from '../../schema/types.ts';
import type {Kind} from '../kind.ts';
import {apply} from './apply.ts';
import {observe} from './observe.ts';
import type {Observed} from './observed.ts';
import {plan} from './plan.ts';
import {definition, type RegistrySpec} from './schema.ts';
import {status} from './status.ts';
import type {SettingStep} from './step.ts';
import {watches} from './watches.ts';

/** Registry: which account and region, who may use it, and how it is set up. */
export const registry = {
  definition,
  watches,
  access: [],
  finalizer: true,
  isHeld: ({spec}) => spec.settingsDeletionPolicy === 'Delete',
  parallel: 1,
  // Nobody must write one: `default` is the operator's own account and region.
  seed: {apiVersion: registries.apiVersion, kind: registries.kind, metadata: {name: 'default'}, spec: {}} satisfies Resource,
  observe,
  plan,
  apply,
  status,
} satisfies Kind<RegistrySpec, Observed, SettingStep>;
