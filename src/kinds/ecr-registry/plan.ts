import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {planSettings} from './plan-settings.ts';
import type {Observed} from './observed.ts';
import type {RegistrySpec} from './schema.ts';
import type {SettingStep} from './step.ts';

/** What to do for a Registry. Pure. The registry itself is there with its account; only its settings are to be kept. */
export function plan(resource: Resource<RegistrySpec>, observed: Observed, now: Date): Plan<SettingStep> {
  const {spec, metadata} = resource;
  if (spec.accountId !== undefined && spec.accountId !== observed.accountId) {
    if (metadata.deletionTimestamp !== undefined)
      return planned({is: 'settled', reason: 'Retained', message: 'nothing was set in this account'});
    const message = `spec.accountId is ${spec.accountId}, but the operator is ${observed.identityArn} in account ${observed.accountId}`;
    return planned({is: 'stalled', reason: 'AccountMismatch', message});
  }
  const {steps, troubles} = planSettings(resource, observed, now);
  return {steps, then: worst(troubles) ?? identified(resource, observed)};
}

function identified({metadata}: Resource<RegistrySpec>, {accountId, region}: Observed): Outcome {
  if (metadata.deletionTimestamp !== undefined) return {is: 'settled', reason: 'Deleted', message: 'what was set from here is taken back'};
  return {is: 'settled', reason: 'Identified', message: `registry of account ${accountId} in ${region}`};
}

/** One outcome for all: what a user must mend goes before what is tried again, and the message names every setting. */
function worst(troubles: readonly Outcome[]): Outcome | undefined {
  const [first] = troubles.toSorted((a, b) => rank(a) - rank(b));
  if (first === undefined || troubles.length === 1) return first;
  return {...first, message: troubles.map(({message}) => message).join('; ')};
}

function rank({is}: Outcome): number {
  return ['stalled', 'failed', 'waiting', 'settled'].indexOf(is);
}

function planned(then: Outcome): Plan<SettingStep> {
  return {steps: [], then};
}
