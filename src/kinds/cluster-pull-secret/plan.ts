import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import {contentOf} from './content.ts';
import type {NamespaceView, Observed, RegistryView, SecretCopy} from './observed.ts';
import type {Owner} from './ownership.ts';
import type {ClusterPullSecretSpec} from './schema.ts';
import type {Content, PullSecretStep} from './steps.ts';
import {ownerOf} from './survey.ts';
import {removalOutcome, servingOutcome} from './tally.ts';
import {failureOf, isImprovement, isValid, measureOf, needOf, needsAttaching, needsDetaching, type Measure, type Need} from './verdict.ts';

/**
 * What each namespace needs. Within one plan the steps may run in any order; what must wait for them (attaching until the
 * Secret is known to be ours, deleting until it is detached) comes in the next plan of the same walk.
 */
export function plan(resource: Resource<ClusterPullSecretSpec>, observed: Observed, now: Date): Plan<PullSecretStep> {
  const isGoing = resource.metadata.deletionTimestamp !== undefined;
  const draft: Draft = {
    measure: measureOf(resource, observed.registries, now.getTime()),
    owner: ownerOf(resource),
    registries: observed.registries,
    steps: [],
  };
  for (const view of observed.namespaces.values()) {
    // A namespace that is being deleted takes our objects with it.
    if (view.isTerminating) continue;
    if (view.isSelected && !isGoing) serve(draft, view);
    else clear(draft, view);
  }
  const hasSteps = draft.steps.length > 0;
  const then = isGoing ? removalOutcome(observed, hasSteps) : servingOutcome(observed, draft.measure, hasSteps);
  return {steps: draft.steps, then};
}

interface Draft {
  readonly measure: Measure;
  readonly owner: Owner;
  readonly registries: readonly RegistryView[];
  readonly steps: PullSecretStep[];
  /** Made when the first namespace needs it. */
  content?: Content | undefined;
}

function serve(draft: Draft, view: NamespaceView): void {
  const {measure, steps} = draft;
  // What failed is not tried twice in one walk.
  if (failureOf(view, measure)) return;
  const need = needOf(view.secret, measure);
  const isWritten = need !== undefined && isImprovement(view.secret, need, measure);
  if (isWritten) addWrite(draft, view, need);
  if (view.secret === undefined && isWritten) return;
  const before = steps.length;
  addAttachments(draft, view);
  addDetachments(draft, view, true);
  // Old Secrets go last: when the new one works and no ServiceAccount names them any more.
  if (!isWritten && isValid(need) && steps.length === before) addDeletions(draft, view.name, view.strays);
}

function clear(draft: Draft, view: NamespaceView): void {
  if (view.failure) return;
  const before = draft.steps.length;
  addDetachments(draft, view, false);
  if (draft.steps.length > before) return;
  addDeletions(draft, view.name, view.secret === undefined ? view.strays : [view.secret, ...view.strays]);
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

function addWrite(draft: Draft, view: NamespaceView, need: Need): void {
  const {measure, owner} = draft;
  const content = (draft.content ??= contentOf(owner, draft.registries));
  if (content === undefined) return;
  const {name: namespace, secret} = view;
  const why = reasonsToWrite[need];
  draft.steps.push({call: 'ApplySecret', why, namespace, name: measure.secretName, isOurs: secret !== undefined, owner, content});
}

function addAttachments({measure, owner, steps}: Draft, view: NamespaceView): void {
  for (const account of view.accounts) {
    if (!needsAttaching(account, measure)) continue;
    const why = `pods of ServiceAccount ${account.name} need the pull secret`;
    const {secretName} = measure;
    // Without a token it is attached all the same: a pod that is admitted without it never gets it later.
    steps.push({call: 'AttachSecret', why, namespace: view.name, account, secretName, owner, mustVerify: view.secret === undefined});
  }
}

function addDetachments({measure, owner, steps}: Draft, view: NamespaceView, isServed: boolean): void {
  for (const account of view.accounts) {
    if (!needsDetaching(account, isServed, measure)) continue;
    const why = `ServiceAccount ${account.name} is no longer to have the pull secret`;
    steps.push({call: 'DetachSecret', why, namespace: view.name, account, owner});
  }
}

/** A copy that another tool made of one of our Secrets has its labels, but no owner: it stays. */
function addDeletions({steps}: Draft, namespace: string, unwanted: readonly SecretCopy[]): void {
  for (const {name, uid, ownerUid} of unwanted) {
    if (ownerUid === undefined) continue;
    steps.push({call: 'DeleteSecret', why: 'the pull secret is no longer wanted here', namespace, name, uid});
  }
}
