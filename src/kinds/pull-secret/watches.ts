import {keyOf, type Key, type KubeObject} from '../../schema/object.ts';
import type {Watch} from '../kind.ts';
import * as sources from '../sources.ts';
import {attachedAnnotation, attachedBy} from './image-pull-secrets.ts';
import {claimantOf, isKeptBy, ownerOf, ownerUidIn} from './owner.ts';
import {chooser} from './survey.ts';
import type {AnySpec} from './schema.ts';

/** The objects that a change may concern. Specs here have not been read by the schema. */
export const watches: readonly Watch[] = [
  {source: sources.namespaces, keys: (namespace, own) => keysWhere(own, (object) => concernsNamespace(object, namespace.metadata.name))},
  {source: sources.serviceAccounts, keys: (account, own) => keysWhere(own, (object) => concernsAccount(object, account))},
  {source: sources.managedSecrets, keys: (secret, own) => keysWhere(own, (object) => concernsSecret(object, secret))},
  {source: sources.mergedSecrets, keys: (secret, own) => keysWhere(own, (object) => concernsSecret(object, secret))},
  {source: sources.registries, keys: (registry, own) => keysWhere(own, (object) => refersTo(object, registry.metadata.name))},
];

function keysWhere(own: readonly KubeObject[], test: (object: KubeObject) => boolean): readonly Key[] {
  return own.filter((object) => test(object)).map((object) => keyOf(object));
}

function specOf(object: KubeObject): Partial<AnySpec> {
  return object['spec'] ?? {};
}

/** A ClusterPullSecret's selector may say otherwise; that is for the walk to decide. */
function concernsNamespace({metadata, ...object}: KubeObject, namespace: string): boolean {
  if (metadata.namespace !== undefined) return metadata.namespace === namespace;
  return !(specOf({metadata, ...object}).excludedNamespaces?.includes(namespace) ?? false);
}

function concernsAccount(object: KubeObject, account: KubeObject): boolean {
  const {namespace = '', name, annotations} = account.metadata;
  if (object.metadata.namespace !== undefined && object.metadata.namespace !== namespace) return false;
  if (attachedBy(claimantOf(ownerOf(object)), annotations?.[attachedAnnotation]) !== undefined) return true;
  if (!concernsNamespace(object, namespace)) return false;
  const {identity, serviceAccounts = {names: ['default']}} = specOf(object);
  return identity?.serviceAccountRef?.name === name || chooser({serviceAccounts})(account.metadata);
}

function concernsSecret(object: KubeObject, secret: KubeObject): boolean {
  if (object.metadata.namespace !== undefined && object.metadata.namespace !== secret.metadata.namespace) return false;
  const owner = ownerOf(object);
  return isKeptBy(owner, secret) || ownerUidIn(owner, secret) !== undefined || specOf(object).secretName === secret.metadata.name;
}

function refersTo(object: KubeObject, registry: string): boolean {
  const {registries} = specOf(object);
  if (registries === undefined) return registry === 'default';
  return registries.some(({registryRef, accountId, region}) => {
    return accountId === undefined && region === undefined && (registryRef?.name ?? 'default') === registry;
  });
}
