import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import {contentOf, type Content} from './content.ts';
import type {NamespaceView, Observed, SecretCopy, Slot} from './observed.ts';
import type {AnySpec} from './schema.ts';
import type {PullSecretStep} from './steps.ts';
import {removalOutcome, servingOutcome} from './outcomes.ts';
import {attachedTo, failureOf, isImprovement, isValid, measureOf, needOf, needsAttaching, type Measure, type Need} from './verdict.ts';

/**
 * What each namespace needs. Within one plan the steps may run in any order; what must wait for them (attaching until the
 * Secret is known to be ours, deleting until it is detached) comes in the next plan of the same walk.
 */
export function plan(resource: Resource<AnySpec>, observed: Observed, now: Date): Plan<PullSecretStep> {
  const isGoing = resource.metadata.deletionTimestamp !== undefined;
  const measure = measureOf(resource, observed, now.getTime());
  const contents = new Map<string, Content | undefined>();
  const draft: Draft = {
    measure,
    steps: [],
    contentFor(party) {
      if (!contents.has(party)) contents.set(party, contentOf(measure.owner, resource.spec.format, observed.parties.get(party) ?? []));
      return contents.get(party);
    },
  };
  for (const view of observed.namespaces.values()) {
    // A namespace that is being deleted takes our objects with it.
    if (view.isTerminating) continue;
    if (view.isSelected && !isGoing) serve(draft, view);
    else clear(draft, view);
  }
  const hasSteps = draft.steps.length > 0;
  const then = isGoing ? removalOutcome(observed, measure, hasSteps) : servingOutcome(observed, measure, hasSteps);
  return {...mostPressing(draft.steps), then};
}

interface Draft {
  readonly measure: Measure;
  readonly steps: PlannedStep[];
  /** The same content for all who have the same tokens. */
  readonly contentFor: (party: string) => Content | undefined;
}

interface PlannedStep {
  readonly step: PullSecretStep;
  /** Pods wait for it. */
  readonly isPressing: boolean;
}

/**
 * With more steps, a walk would hold the object for so long that a new namespace had to wait. A part of this size takes about
 * a second.
 */
const mostSteps = 200;

function mostPressing(planned: readonly PlannedStep[]): Pick<Plan<PullSecretStep>, 'steps' | 'isPart'> {
  if (planned.length <= mostSteps) return {steps: planned.map(({step}) => step)};
  const sorted = [...planned.filter(({isPressing}) => isPressing), ...planned.filter(({isPressing}) => !isPressing)];
  return {steps: sorted.slice(0, mostSteps).map(({step}) => step), isPart: true};
}

function serve(draft: Draft, view: NamespaceView): void {
  const {measure} = draft;
  const before = draft.steps.length;
  // What is not to be attached to: the Secret is somebody else's, or is written only now and not yet known to be ours.
  const closed = new Set<string>();
  let isSettled = true;
  for (const slot of view.slots) {
    const failure = failureOf(view.name, slot, measure);
    // What failed is not tried twice in one walk.
    if (failure) {
      closed.add(slot.name);
      isSettled = false;
      continue;
    }
    const need = needOf(slot.secret, measure);
    const isWritten = need !== undefined && isImprovement(slot, need, measure) && addWrite(draft, view.name, slot, need);
    if (isWritten && slot.secret === undefined) closed.add(slot.name);
    if (isWritten || !isValid(need)) isSettled = false;
  }
  addAttachments(draft, view, closed);
  if (draft.steps.length > before) return;
  // Old Secrets go last: when the new ones work and no ServiceAccount names them any more. Where each account has its own, one
  // that is in trouble must not keep those of others.
  const named = new Set(view.accounts.map((account) => attachedTo(account, measure)));
  const isReplaced = ({name, isMerged}: SecretCopy) => isSettled || ((measure.isForEach || isMerged) && !named.has(name));
  addRemovals(draft, view.name, view.strays.filter(isReplaced));
}

function clear(draft: Draft, view: NamespaceView): void {
  if (view.failure) return;
  const before = draft.steps.length;
  for (const account of view.accounts) if (attachedTo(account, draft.measure) !== undefined) addDetachment(draft, view, account);
  if (draft.steps.length === before) addRemovals(draft, view.name, secretsIn(view));
}

function secretsIn({slots, strays}: NamespaceView): readonly SecretCopy[] {
  return [...slots.flatMap(({secret}) => (secret === undefined ? [] : [secret])), ...strays];
}

const reasonsToWrite: Readonly<Record<Need, string>> = {
  missing: 'the namespace has no pull secret',
  changed: 'the pull secret was changed by another hand',
  orphaned: 'the pull secret does not name its owner',
  expired: 'the token has expired',
  incomplete: 'the pull secret lacks a registry',
  surplus: 'the pull secret has a registry that is no longer asked for',
  due: 'the token is due to be renewed',
};

function addWrite({measure, steps, contentFor}: Draft, namespace: string, {name, party, secret}: Slot, need: Need): boolean {
  const content = contentFor(party);
  if (content === undefined) return false;
  const {owner, mayMerge} = measure;
  const given = {why: reasonsToWrite[need], namespace, name, owner, content};
  const step: PullSecretStep = secret?.isMerged
    ? {call: 'MergeSecret', ...given}
    : {call: 'ApplySecret', ...given, isOurs: secret !== undefined, mayMerge};
  steps.push({step, isPressing: !isValid(need)});
  return true;
}

function addAttachments(draft: Draft, view: NamespaceView, closed: ReadonlySet<string>): void {
  const {measure, steps} = draft;
  const {owner, mayMerge} = measure;
  for (const account of view.accounts) {
    const secretName = account.wants;
    const slot = view.slots.find(({name}) => name === secretName);
    if (secretName === undefined || slot === undefined) {
      if (attachedTo(account, measure) !== undefined) addDetachment(draft, view, account);
      continue;
    }
    if (closed.has(secretName)) {
      // It was attached before anybody knew that the Secret is another's.
      const isOthers = failureOf(view.name, slot, measure)?.reason === 'SecretNotOwned';
      if (isOthers && attachedTo(account, measure) !== undefined) addDetachment(draft, view, account);
      continue;
    }
    if (!needsAttaching(account, measure)) continue;
    const why = `pods of ServiceAccount ${account.name} need the pull secret`;
    const mustVerify = slot.secret === undefined;
    // Without a token it is attached all the same: a pod that is admitted without it never gets it later.
    const step: PullSecretStep = {call: 'AttachSecret', why, namespace: view.name, account, secretName, owner, mayMerge, mustVerify};
    steps.push({step, isPressing: true});
  }
}

function addDetachment({measure, steps}: Draft, {name: namespace}: NamespaceView, account: NamespaceView['accounts'][number]): void {
  const why = `ServiceAccount ${account.name} is no longer to have the pull secret`;
  steps.push({step: {call: 'DetachSecret', why, namespace, account, owner: measure.owner}, isPressing: false});
}

/** A copy that another tool made of one of our Secrets has its labels, but no owner: it stays. */
function addRemovals({measure, steps}: Draft, namespace: string, unwanted: readonly SecretCopy[]): void {
  const why = 'the pull secret is no longer wanted here';
  for (const {name, uid, ownerUid, isMerged} of unwanted) {
    if (isMerged) steps.push({step: {call: 'UnmergeSecret', why, namespace, name, uid, owner: measure.owner}, isPressing: false});
    else if (ownerUid !== undefined) steps.push({step: {call: 'DeleteSecret', why, namespace, name, uid}, isPressing: false});
  }
}
