import type {KubeObject} from '../../schema/object.ts';
import {secrets} from '../../schema/types.ts';
import {ownerReference} from '../../translate/revision.ts';
import type {Doors} from '../doors.ts';
import {withDigests} from '../sources.ts';
import type {SeenSecrets} from './observed.ts';
import type {SecretStep} from './plan.ts';
import {marksOf, readForKey, writtenKey} from './state.ts';

/** One server-side apply, or one deletion of exactly the Secret that was seen. Gives the observation brought up to date. */
export async function applySecret(step: SecretStep, {kube}: Doors): Promise<(seen: SeenSecrets) => SeenSecrets> {
  if (step.call === 'DeleteSecret') {
    const {name, namespace, uid} = step.secret.metadata;
    const ref = {type: secrets, name, ...(namespace !== undefined && {namespace})};
    await kube.delete(ref, uid === undefined ? {} : {uid});
    return (seen) => ({...seen, unneeded: seen.unneeded.filter(({metadata}) => metadata.name !== name)});
  }
  const written = withDigests(await kube.apply(secrets, manifestOf(step)));
  return (seen) => ({...seen, present: {...seen.present, [step.name]: written}});
}

function manifestOf({name, contents, demand}: Extract<SecretStep, {call: 'WriteSecret'}>): KubeObject {
  const {owner, labels, deployment} = demand;
  const {namespace} = owner.metadata;
  const data = Object.fromEntries(
    Object.entries(contents.values).map(([key, value]) => [key, Buffer.from(value.reveal()).toString('base64')]),
  );
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {name, ...(namespace !== undefined && {namespace}), labels, ownerReferences: [ownerReference(owner)]},
    type: contents.type,
    data,
  };
  const annotations = {[readForKey]: deployment, [writtenKey]: marksOf(withDigests(secret))};
  return {...secret, metadata: {...secret.metadata, annotations}};
}
