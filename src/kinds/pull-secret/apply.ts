import type {Kube} from '../../kube/kube.ts';
import type {KubeObject} from '../../schema/object.ts';
import {secrets} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {Interruption, outcomeOf} from '../outcome.ts';
import {isMerged} from './annotations.ts';
import {changeAccount} from './apply-account.ts';
import {encoded, mergeSecret, unmergeSecret} from './apply-merge.ts';
import {failing, withoutSecret, withSecret, type Change} from './changes.ts';
import {attach, detach} from './image-pull-secrets.ts';
import type {Observed} from './observed.ts';
import {claimantOf, fieldManagerOf, isKeptBy, ownerReferenceOf} from './owner.ts';
import type {ApplySecret, AttachSecret, DeleteSecret, PullSecretStep} from './steps.ts';
import {failureBy, notOwned} from './verdict.ts';

/**
 * One step. What goes wrong with one Secret or namespace is noted there, and the others go on; only an API server that does
 * not answer ends the walk.
 */
export async function apply(step: PullSecretStep, {kube}: Doors): Promise<Applied<Observed>> {
  return {advance: changing(step.namespace, await carryOut(step, kube).catch((error: unknown) => afterError(step, error)))};
}

function changing(namespace: string, change: Change): (observed: Observed) => Observed {
  return (observed) => {
    const view = observed.namespaces.get(namespace);
    if (view) observed.namespaces.set(namespace, change(view));
    return observed;
  };
}

function carryOut(step: PullSecretStep, kube: Kube): Promise<Change> {
  switch (step.call) {
    case 'ApplySecret':
      return writeSecret(step, kube);
    case 'MergeSecret':
      return mergeSecret(step, kube);
    case 'UnmergeSecret':
      return unmergeSecret(step, kube);
    case 'DeleteSecret':
      return deleteSecret(step, kube);
    case 'AttachSecret':
      return attachSecret(step, kube);
    case 'DetachSecret':
      return changeAccount(step, kube, (seen) => detach(seen, claimantOf(step.owner)));
  }
  return step satisfies never;
}

/**
 * A Secret that is not known to be ours is applied without force: if there is one of that name, all of its fields have
 * another manager, so the API server refuses (and its type cannot be changed), and it stays as it is.
 */
async function writeSecret(step: ApplySecret, kube: Kube): Promise<Change> {
  const {namespace, name, owner, isOurs} = step;
  const write = async (force: boolean): Promise<KubeObject> =>
    kube.apply(secrets, manifestOf(step), {force, fieldManager: fieldManagerOf(owner)});
  try {
    return withSecret(owner, await write(isOurs));
  } catch (error) {
    if (isOurs || !isRefusal(error)) throw error;
    const found = await kube.get({type: secrets, namespace, name});
    if (found === undefined) throw error;
    if (isKeptBy(owner, found) && !isMerged(found)) return withSecret(owner, await write(true));
    if (step.mayMerge) return mergeSecret(step, kube, found);
    return failing(name, notOwned(owner, namespace, name));
  }
}

function manifestOf({namespace, name, owner, content}: ApplySecret): KubeObject {
  const {labels, annotations, type} = content;
  return {
    apiVersion: secrets.apiVersion,
    kind: secrets.kind,
    metadata: {name, namespace, labels, annotations, ownerReferences: [ownerReferenceOf(owner)]},
    type,
    data: encoded(content.data),
  };
}

async function deleteSecret({namespace, name, uid}: DeleteSecret, kube: Kube): Promise<Change> {
  await kube.delete({type: secrets, namespace, name}, {uid});
  return withoutSecret(name, uid);
}

async function attachSecret(step: AttachSecret, kube: Kube): Promise<Change> {
  const {namespace, secretName, owner} = step;
  if (step.mustVerify && !step.mayMerge) {
    const found = await kube.get({type: secrets, namespace, name: secretName});
    if (found !== undefined && !isKeptBy(owner, found)) return failing(secretName, notOwned(owner, namespace, secretName));
  }
  return changeAccount(step, kube, (seen) => attach(seen, claimantOf(owner), secretName));
}

function isRefusal(error: unknown): boolean {
  const {reason} = outcomeOf(error);
  return reason === 'Conflict' || reason === 'AlreadyExists' || reason === 'InvalidObject';
}

function afterError(step: PullSecretStep, error: unknown): Change {
  if (!(error instanceof Interruption) || isOutOfReach(error)) throw error;
  if (error.outcome.reason === 'NamespaceTerminating') return (view) => ({...view, isTerminating: true});
  const failure = failureBy(error.outcome);
  if (step.call === 'ApplySecret' || step.call === 'MergeSecret') return failing(step.name, failure);
  if (step.call === 'AttachSecret') return failing(step.secretName, failure);
  return (view) => ({...view, failure});
}

/** No answer, or too busy to answer: it would be the same in every namespace. A 500 may be one namespace's webhook. */
function isOutOfReach(error: Interruption): boolean {
  const {status} = error as {status?: unknown};
  return error.outcome.reason === 'ApiServerUnavailable' && (status === undefined || status === 0 || status === 429 || status === 503);
}
