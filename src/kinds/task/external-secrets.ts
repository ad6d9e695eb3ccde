import type {KubeObject} from '../../schema/object.ts';
import {externalSecrets} from '../../schema/workload-types.ts';
import {entryOf, isSameObject} from '../made-objects/inventory.ts';
import {isOfSameOwner} from '../made-objects/owner.ts';
import type {Outcome} from '../outcome.ts';

/** What of ExternalSecrets the task still waits for: a pod that is started before its Secret is there has a minute only. */
export interface Unfilled {
  readonly missing: readonly KubeObject[];
  readonly then: Outcome;
}

/** No copy is kept of them, so they are looked at again. */
const lookSeconds = 5;

/** Undefined where External Secrets Operator says of each that it is filled, or there are none. */
export function unfilled(beside: readonly KubeObject[], there: readonly KubeObject[]): Unfilled | undefined {
  const waiting = beside.filter(({kind}) => kind === externalSecrets.kind).map((wanted) => ({wanted, seen: ourOf(wanted, there)}));
  const [first, ...others] = waiting.filter(({seen}) => readyOf(seen)?.status !== 'True');
  if (first === undefined) return undefined;
  const missing = [first, ...others].flatMap(({wanted, seen}) => (seen === undefined ? [wanted] : []));
  const refused = [first, ...others].find(({seen}) => readyOf(seen)?.status === 'False') ?? first;
  const {status, message = ''} = readyOf(refused.seen) ?? {};
  const name = `The ExternalSecret ${refused.wanted.metadata.name}`;
  if (status === 'False') {
    return {missing, then: {is: 'stalled', reason: 'SecretUnresolved', message: `${name} is not filled: ${message}`, seconds: lookSeconds}};
  }
  return {missing, then: {is: 'waiting', reason: 'Provisioning', message: `${name} is not filled yet.`, seconds: lookSeconds}};
}

function ourOf(wanted: KubeObject, there: readonly KubeObject[]): KubeObject | undefined {
  return there.find((one) => isSameObject(entryOf(one), entryOf(wanted)) && isOfSameOwner(one, wanted));
}

function readyOf(object: KubeObject | undefined): {readonly status: string; readonly message?: string} | undefined {
  const {conditions = []} = (object?.['status'] ?? {}) as {conditions?: readonly {type: string; status: string; message?: string}[]};
  return conditions.find(({type}) => type === 'Ready');
}
