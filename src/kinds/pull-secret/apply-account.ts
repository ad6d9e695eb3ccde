import type {Kube} from '../../kube/kube.ts';
import {serviceAccounts} from '../../schema/types.ts';
import {outcomeOf} from '../outcome.ts';
import type {Change} from './changes.ts';
import {attachedAnnotation, type Attachments} from './image-pull-secrets.ts';
import type {AccountView} from './observed.ts';
import type {AttachSecret, DetachSecret} from './steps.ts';
import {accountOf} from './survey.ts';

const attempts = 4;

/**
 * Writes the whole list, with the resourceVersion that it was read with: see image-pull-secrets.ts. The first try needs no
 * read, because the synced copy is almost always current.
 */
export async function changeAccount(
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
      seen = accountOf(written, account.wants);
      break;
    } catch (error) {
      const {reason} = outcomeOf(error);
      if (reason !== 'Conflict' && reason !== 'NotFound') throw error;
      if (attempt === attempts) throw error;
      const current = await kube.get(ref);
      seen = current && accountOf(current, account.wants);
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
