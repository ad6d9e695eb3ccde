import type {Key, KubeObject} from '../../schema/object.ts';
import type {Watch} from '../kind.ts';
import * as sources from '../sources.ts';
import {attachedAnnotation, attachedBy} from './image-pull-secrets.ts';
import {isKeptBy, ownerUidIn} from './ownership.ts';
import {chooser, ownerOf} from './survey.ts';
import type {ClusterPullSecretSpec} from './schema.ts';

/** The objects that a change may concern. Specs here have not been read by the schema. */
export const watches: readonly Watch[] = [
  {source: sources.namespaces, keys: (namespace, own) => keysWhere(own, (object) => !isExcluded(object, namespace.metadata.name))},
  {source: sources.serviceAccounts, keys: (account, own) => keysWhere(own, (object) => concernsAccount(object, account))},
  {source: sources.managedSecrets, keys: (secret, own) => keysWhere(own, (object) => concernsSecret(object, secret))},
  {source: sources.registries, keys: (registry, own) => keysWhere(own, (object) => refersTo(object, registry.metadata.name))},
];

function keysWhere(own: readonly KubeObject[], test: (object: KubeObject) => boolean): readonly Key[] {
  return own.filter((object) => test(object)).map(({metadata: {name}}) => ({name}));
}

function specOf(object: KubeObject): Partial<ClusterPullSecretSpec> {
  return object['spec'] ?? {};
}

function isExcluded(object: KubeObject, namespace: string): boolean {
  return specOf(object).excludedNamespaces?.includes(namespace) ?? false;
}

function concernsAccount(object: KubeObject, account: KubeObject): boolean {
  const {namespace = '', annotations} = account.metadata;
  if (attachedBy(object.metadata.name, annotations?.[attachedAnnotation]) !== undefined) return true;
  if (isExcluded(object, namespace)) return false;
  return chooser(specOf(object).serviceAccounts ?? {names: ['default']})(account.metadata);
}

function concernsSecret(object: KubeObject, secret: KubeObject): boolean {
  const owner = ownerOf(object);
  return isKeptBy(owner, secret) || ownerUidIn(owner, secret) !== undefined || specOf(object).secretName === secret.metadata.name;
}

function refersTo(object: KubeObject, registry: string): boolean {
  const {registries} = specOf(object);
  if (registries === undefined) return registry === 'default';
  return registries.some(({registryRef}) => registryRef?.name === registry);
}
