import type {KubeObject} from '../../schema/object.ts';
import {withDigests} from '../sources.ts';
import type {Failure, NamespaceView, SecretCopy} from './observed.ts';
import type {Owner} from './owner.ts';
import {copyOf, newReader} from './survey.ts';

/** What a step's answer makes of a namespace, as it was seen. */
export type Change = (view: NamespaceView) => NamespaceView;

export function failing(secretName: string, failure: Failure): Change {
  return (view) => ({...view, slots: view.slots.map((slot) => (slot.name === secretName ? {...slot, failure} : slot))});
}

export function withSecret(owner: Owner, written: KubeObject): Change {
  const secret: SecretCopy = copyOf(owner, withDigests(written), newReader());
  return (view) => ({...view, slots: view.slots.map((slot) => (slot.name === secret.name ? {...slot, secret} : slot))});
}

/** `uid`: only where it is that one. */
export function withoutSecret(name: string, uid?: string): Change {
  const isIt = (secret: SecretCopy | undefined) => secret?.name === name && (uid === undefined || secret.uid === uid);
  return (view) => ({
    ...view,
    slots: view.slots.map((slot) => (isIt(slot.secret) ? {...slot, secret: undefined} : slot)),
    strays: view.strays.filter((stray) => !isIt(stray)),
  });
}
