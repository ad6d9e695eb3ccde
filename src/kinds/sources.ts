import {hash} from 'node:crypto';
import {ecrImagesOf} from '../schema/pod-images.ts';
import {managedSelector} from '../schema/labels.ts';
import type {KubeObject} from '../schema/object.ts';
import type {ResourceType} from '../schema/resource-type.ts';
import * as types from '../schema/types.ts';
import type {Source} from './kind.ts';

/** The source of one of this operator's own kinds, named `plural.group` as its CRD is. */
export function sourceOf(type: ResourceType): Source {
  const [group = ''] = type.apiVersion.split('/');
  return {name: `${type.plural}.${group}`, type};
}

export const registries = sourceOf(types.registries);
export const repositories = sourceOf(types.repositories);
export const publicRepositories = sourceOf(types.publicRepositories);
export const repositoryTemplates = sourceOf(types.repositoryTemplates);
export const pullThroughCaches = sourceOf(types.pullThroughCaches);
export const replicationBackfills = sourceOf(types.replicationBackfills);
export const services = sourceOf(types.services);
export const clusters = sourceOf(types.clusters);
export const tasks = sourceOf(types.tasks);

export const namespaces: Source = {name: 'namespaces', type: types.namespaces, project: withoutManagedFields};
export const serviceAccounts: Source = {name: 'serviceaccounts', type: types.serviceAccounts, project: withoutManagedFields};
export const managedJobs = managedSource(types.jobs);
/** The pods of Tasks. */
export const taskPods: Source = {
  name: 'pods of tasks',
  type: types.pods,
  labelSelector: 'ecs.drayage.dev/task',
  project: withoutPodSpec,
};
/** The objects of a type that this operator made. */
export function managedSource(type: ResourceType): Source {
  const {name} = sourceOf(type);
  return {name: `managed ${name}`, type, labelSelector: managedSelector, project: withoutManagedFields};
}

export const managedControllerRevisions = managedSource(types.controllerRevisions);

/** Every pod, as the little that tells which ECR images it uses (`images`, see ecrImagesOf). */
export const pods: Source = {name: 'pods', type: types.pods, project: withEcrImages};

/** Half of an object's size is often `managedFields`, which nothing here reads. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const {managedFields: _, ...metadata} = object.metadata as KubeObject['metadata'] & {managedFields?: unknown};
  return {...object, metadata};
}

/** A pod of which no more of the spec is kept than its node, its deadline, and what its containers are called and run. */
export function withoutPodSpec(pod: KubeObject): KubeObject {
  const {spec = {}, ...rest} = withoutManagedFields(pod) as KubeObject & {spec?: Readonly<Record<string, unknown>>};
  const {nodeName, activeDeadlineSeconds, containers, initContainers} = spec;
  const kept = {nodeName, activeDeadlineSeconds, containers: namesOf(containers), initContainers: namesOf(initContainers)};
  return {...rest, spec: kept};
}

function namesOf(containers: unknown): unknown {
  const list = Array.isArray(containers) ? (containers as readonly {name?: unknown; image?: unknown}[]) : [];
  return list.map(({name, image}) => ({name, image}));
}

/** A pod's name, who made it, and its ECR images; of a pod without any, the name alone. */
export function withEcrImages(pod: KubeObject): KubeObject {
  const {apiVersion, kind} = pod;
  const {name, namespace = '', uid, resourceVersion, ownerReferences = []} = pod.metadata;
  const images = ecrImagesOf(pod);
  const owner = images.length === 0 ? undefined : ownerReferences.find(({controller}) => controller === true);
  const metadata = {
    name,
    namespace,
    ...(uid !== undefined && {uid}),
    ...(resourceVersion !== undefined && {resourceVersion}),
    ...(owner && {ownerReferences: [owner]}),
  };
  return {apiVersion, kind, metadata, images};
}

/**
 * The Secrets that this operator made, without their contents: `data` is replaced by `digests`, the SHA-256 of each value
 * (hexadecimal, of the decoded value), so that no token stays in memory and a change by another hand still shows.
 */
export const managedSecrets: Source = {
  name: 'managed secrets',
  type: types.secrets,
  labelSelector: managedSelector,
  project: withDigests,
};

/** Secrets of others with pull credentials of ours among their own; in the same form. */
export const mergedSecrets: Source = {
  name: 'merged secrets',
  type: types.secrets,
  labelSelector: 'ecr.drayage.dev/merged=true',
  project: withDigests,
};

/** What the owner of a Secret says with it: the operator may carry it into AWS, for a PullThroughCache. */
export const upstreamCredentialsLabel = 'drayage.dev/upstream-credentials';

/** The Secrets with that label, without their contents: only which they are, and their versions. */
export const upstreamCredentials: Source = {
  name: 'upstream credentials',
  type: types.secrets,
  labelSelector: `${upstreamCredentialsLabel}=true`,
  project: ({apiVersion, kind, metadata: {name, namespace, uid, resourceVersion}}) => ({
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && {namespace}),
      ...(uid !== undefined && {uid}),
      ...(resourceVersion !== undefined && {resourceVersion}),
    },
  }),
};

/** A Secret with `digests` in the place of its contents. */
export function withDigests(secret: KubeObject): KubeObject {
  const {metadata} = withoutManagedFields(secret);
  const data = (secret['data'] ?? {}) as Readonly<Record<string, string>>;
  const digests = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, hash('sha256', Buffer.from(value, 'base64'))]));
  return {apiVersion: secret.apiVersion, kind: secret.kind, metadata, type: secret['type'], digests};
}
