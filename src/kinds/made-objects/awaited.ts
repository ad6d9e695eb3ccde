import type {KubeObject} from '../../schema/object.ts';
import {externalSecrets, podIdentityAssociations} from '../../schema/workload-types.ts';
import type {Outcome} from '../outcome.ts';
import {entryOf, isSameObject} from './inventory.ts';
import {isOfSameOwner} from './owner.ts';

/** What of the objects beside a workload has to be done by someone else before pods may start. */
export interface Awaited {
  readonly missing: readonly KubeObject[];
  readonly then: Outcome;
}

interface Doer {
  /** The condition by which it says that it is done. */
  readonly condition: string;
  /** What is said while it is not: the rest of a sentence. */
  readonly undone: string;
  readonly reason: string;
}

/** A pod that starts too early is tried again for a while without its Secret, and never gets its role. */
const doers: Readonly<Record<string, Doer>> = {
  [externalSecrets.kind]: {condition: 'Ready', undone: 'is not filled', reason: 'SecretUnresolved'},
  [podIdentityAssociations.kind]: {condition: 'ACK.ResourceSynced', undone: 'is not in EKS', reason: 'RoleNotBound'},
};

/** No copy is kept of them, so they are looked at again. */
const lookSeconds = 5;

/** Undefined where all of it is done, or there is none. `reason` is that of an object that waits. */
export function awaitedOf(beside: readonly KubeObject[], there: readonly KubeObject[], reason: string): Awaited | undefined {
  const undone = beside.flatMap((wanted) => {
    const doer = doers[wanted.kind];
    if (doer === undefined) return [];
    const seen = there.find((one) => isSameObject(entryOf(one), entryOf(wanted)) && isOfSameOwner(one, wanted));
    const condition = conditionIn(seen, doer.condition);
    return condition?.status === 'True' ? [] : [{wanted, seen, doer, condition}];
  });
  const worst = undone.find(({condition}) => condition?.status === 'False') ?? undone[0];
  if (worst === undefined) return undefined;
  const missing = undone.flatMap(({wanted, seen}) => (seen === undefined ? [wanted] : []));
  const {wanted, seen, doer, condition} = worst;
  const what = `The ${wanted.kind} ${wanted.metadata.name} ${doer.undone}`;
  if (condition?.status !== 'False') {
    return {missing, then: {is: 'waiting', reason, message: `${what} yet.`, seconds: lookSeconds}};
  }
  return {missing, then: {is: 'stalled', reason: doer.reason, message: `${what}: ${whyOf(seen, condition)}`, seconds: lookSeconds}};
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

function conditionsIn(object: KubeObject | undefined): readonly Condition[] {
  const {conditions = []} = (object?.['status'] ?? {}) as {conditions?: readonly Condition[]};
  return conditions;
}

function conditionIn(object: KubeObject | undefined, type: string): Condition | undefined {
  return conditionsIn(object).find((one) => one.type === type);
}

/** Controllers of ACK say in another condition what is wrong. */
function whyOf(object: KubeObject | undefined, {message}: Condition): string {
  const causes = ['ACK.Terminal', 'ACK.Recoverable'].flatMap((type) => conditionIn(object, type)?.message ?? []);
  return causes[0] ?? message ?? 'no reason is given';
}
