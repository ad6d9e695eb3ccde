import type {Kube} from '../../kube/kube.ts';
import type {KubeObject} from '../../schema/object.ts';
import {secrets, serviceAccounts} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {Interruption, outcomeOf} from '../outcome.ts';
import {withDigests} from '../sources.ts';
import {attach, attachedAnnotation, detach, type Attachments} from './image-pull-secrets.ts';
import type {AccountView, Failure, NamespaceView, Observed} from './observed.ts';
import {fieldManagerOf, isKeptBy, ownerReferenceOf, type Owner} from './ownership.ts';
import type {ApplySecret, AttachSecret, DeleteSecret, DetachSecret, PullSecretStep} from './steps.ts';
import {accountOf, copyOf, newReader} from './survey.ts';
import {notOwned} from './verdict.ts';

type Change = (view: NamespaceView) => NamespaceView;

/**
 * One step. What goes wrong in one namespace is noted there, and the others go on; only an API server that does not answer
 * ends the walk.
 */
export async function apply(step: PullSecretStep, {kube}: Doors): Promise<Applied<Observed>> {
  return {advance: changing(step.namespace, await carryOut(step, kube).catch(afterError))};
}

function changing(namespace: string, change: Change): (observed: Observed) => Observed {
  return (observed) => {
    const view = observed.namespaces.get(namespace);
    if (view) observed.namespaces.set(namespace, change(view));
    return observed;
  };
}

function carryOut(step: PullSecretStep, kube: Kube): Promise<Change> {
  if (step.call === 'ApplySecret') return writeSecret(step, kube);
  if (step.call === 'AttachSecret') return attachSecret(step, kube);
  if (step.call === 'DetachSecret') return changeAccount(step, kube, (seen) => detach(seen, step.owner.name));
  return deleteSecret(step, kube);
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
    if (isKeptBy(owner, found)) return withSecret(owner, await write(true));
    return failing(notOwned(namespace, name));
  }
}

function manifestOf({namespace, name, owner, content}: ApplySecret): KubeObject {
  const {labels, annotations, document} = content;
  return {
    apiVersion: secrets.apiVersion,
    kind: secrets.kind,
    metadata: {name, namespace, labels, annotations, ownerReferences: [ownerReferenceOf(owner)]},
    type: 'kubernetes.io/dockerconfigjson',
    data: {'.dockerconfigjson': document.reveal()},
  };
}

function withSecret(owner: Owner, written: KubeObject): Change {
  const secret = copyOf(owner, withDigests(written), newReader());
  return (view) => ({...view, secret});
}

async function deleteSecret({namespace, name, uid}: DeleteSecret, kube: Kube): Promise<Change> {
  await kube.delete({type: secrets, namespace, name}, {uid});
  return (view) => ({
    ...view,
    secret: view.secret?.uid === uid ? undefined : view.secret,
    strays: view.strays.filter((stray) => stray.uid !== uid),
  });
}

async function attachSecret(step: AttachSecret, kube: Kube): Promise<Change> {
  const {namespace, secretName, owner} = step;
  if (step.mustVerify) {
    const found = await kube.get({type: secrets, namespace, name: secretName});
    if (found !== undefined && !isKeptBy(owner, found)) return failing(notOwned(namespace, secretName));
  }
  return changeAccount(step, kube, (seen) => attach(seen, owner.name, secretName));
}

const attempts = 4;

/**
 * Writes the whole list, with the resourceVersion that it was read with: see image-pull-secrets.ts. The first try needs no
 * read, because the synced copy is almost always current.
 */
async function changeAccount(
  {namespace, account}: AttachSecret | DetachSecret,
  kube: Kube,
  change: (seen: Attachments) => Attachments,
): Promise<Change> {
  const ref = {type: serviceAccounts, namespace, name: account.name};
  let seen: AccountView | undefined = account;
  for (let attempt = 1; seen !== undefined; attempt++) {
    const wanted = change(seen);
    if (isSame(seen, wanted)) break;
    try {
      const written = await kube.merge(ref, {
        metadata: {resourceVersion: seen.resourceVersion, annotations: {[attachedAnnotation]: wanted.annotation ?? null}},
        imagePullSecrets: wanted.imagePullSecrets.length === 0 ? null : wanted.imagePullSecrets,
      });
      seen = accountOf(written, account.isChosen);
      break;
    } catch (error) {
      const {reason} = outcomeOf(error);
      if (reason !== 'Conflict' && reason !== 'NotFound') throw error;
      if (attempt === attempts) throw error;
      const current = await kube.get(ref);
      seen = current && accountOf(current, account.isChosen);
    }
  }
  const found = seen;
  return (view) => ({
    ...view,
    accounts: view.accounts.flatMap((one) => (one.name === account.name ? (found === undefined ? [] : [found]) : [one])),
  });
}

function isSame(seen: Attachments, wanted: Attachments): boolean {
  return seen.annotation === wanted.annotation && namesIn(seen) === namesIn(wanted);
}

function namesIn({imagePullSecrets}: Attachments): string {
  return imagePullSecrets.map(({name}) => name).join();
}

function isRefusal(error: unknown): boolean {
  const {reason} = outcomeOf(error);
  return reason === 'Conflict' || reason === 'AlreadyExists' || reason === 'InvalidObject';
}

function afterError(error: unknown): Change {
  if (!(error instanceof Interruption) || isOutOfReach(error)) throw error;
  const {is, reason, message} = error.outcome;
  if (reason === 'NamespaceTerminating') return (view) => ({...view, isTerminating: true});
  return failing({reason, message, mayPass: is !== 'stalled'});
}

/** No answer, or too busy to answer: it would be the same in every namespace. A 500 may be one namespace's webhook. */
function isOutOfReach(error: Interruption): boolean {
  const {status} = error as {status?: unknown};
  return error.outcome.reason === 'ApiServerUnavailable' && (status === undefined || status === 0 || status === 429 || status === 503);
}

function failing(failure: Failure): Change {
  return (view) => ({...view, failure});
}
