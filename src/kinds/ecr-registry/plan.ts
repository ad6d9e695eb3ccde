import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import type {Observed} from './observe.ts';
import type {RegistrySpec} from './schema.ts';

/** A registry is there with its account, so nothing is ever to be done: only to be said. */
export function plan({spec}: Resource<RegistrySpec>, observed: Observed): Plan<never> {
  if (spec.accountId !== undefined && spec.accountId !== observed.accountId) {
    const message = `spec.accountId is ${spec.accountId}, but the operator is ${observed.identityArn} in account ${observed.accountId}`;
    return planned({is: 'stalled', reason: 'AccountMismatch', message});
  }
  const message = `registry of account ${observed.accountId} in ${observed.region}`;
  return planned({is: 'settled', reason: 'Identified', message});
}

function planned(then: Outcome): Plan<never> {
  return {steps: [], then};
}
