import {isAlreadyExists} from '../../kube/errors.ts';
import type {KubeObject} from '../../schema/object.ts';
import {serviceAccounts} from '../../schema/types.ts';
import type {Doors} from '../doors.ts';

/**
 * Makes a ServiceAccount that is missing, with the pull secrets that the default one names: a pod copies them when it is created,
 * and never again. From then on that list is no business of whoever applies the account.
 */
export async function makeAccount({apiVersion, kind, metadata}: KubeObject, {kube}: Pick<Doors, 'kube'>): Promise<void> {
  const {name, namespace, annotations: _, ...identity} = metadata;
  const place = {type: serviceAccounts, ...(namespace !== undefined && {namespace})};
  if ((await kube.get({...place, name})) !== undefined) return;
  const imagePullSecrets = (await kube.get({...place, name: 'default'}))?.['imagePullSecrets'];
  try {
    // What is created and not applied stays when it is applied no more: nothing that may go is among it.
    const made = {apiVersion, kind, metadata: {...identity, name, ...(namespace !== undefined && {namespace})}};
    await kube.create(serviceAccounts, {...made, ...(imagePullSecrets !== undefined && {imagePullSecrets})});
  } catch (error) {
    // Someone was quicker.
    if (!isAlreadyExists(error)) throw error;
  }
}
