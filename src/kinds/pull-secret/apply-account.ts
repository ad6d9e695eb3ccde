import type {Kube} from '../../kube/kube.ts';
import {serviceAccounts} from '../../schema/types.ts';
import type {Change} from './changes.ts';
import {attachedAnnotation, type Attachments} from './image-pull-secrets.ts';
import type {AccountView} from './observed.ts';
import {retryOnConflict} from './retry-on-conflict.ts';
import type {AttachSecret, DetachSecret} from './steps.ts';
import {accountOf} from './survey.ts';

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
  const read = async (): Promise<AccountView | undefined> => {
    const current = await kube.get(ref);
    return current && accountOf(current, account.wants);
  };
  const found = await retryOnConflict(account, read, async (seen) => {
    const wanted = change(seen);
    if (isSame(seen, wanted)) return seen;
    const written = await kube.merge(ref, {
      metadata: {resourceVersion: seen.resourceVersion, annotations: {[attachedAnnotation]: wanted.annotation ?? null}},
      imagePullSecrets: wanted.imagePullSecrets.length === 0 ? null : wanted.imagePullSecrets,
    });
    return accountOf(written, account.wants);
  });
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
