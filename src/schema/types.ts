import type {ResourceType} from './resource-type.ts';

/** Kubernetes' own types that this operator reads or writes. */
export const namespaces: ResourceType = {apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false};
export const secrets: ResourceType = {apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true};
export const serviceAccounts: ResourceType = {apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true};
export const replicaSets: ResourceType = {apiVersion: 'apps/v1', kind: 'ReplicaSet', plural: 'replicasets', namespaced: true};
export const deployments: ResourceType = {apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true};
export const jobs: ResourceType = {apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs', namespaced: true};
export const controllerRevisions: ResourceType = {
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
};
export const pods: ResourceType = {apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true};
export const leases: ResourceType = {apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', plural: 'leases', namespaced: true};
export const events: ResourceType = {apiVersion: 'events.k8s.io/v1', kind: 'Event', plural: 'events', namespaced: true};

/** This operator's own types, for the kinds that refer to one another (a kind never imports another kind). */
export const ecrApiVersion = 'ecr.drayage.dev/v1alpha1';
export const ecsApiVersion = 'ecs.drayage.dev/v1alpha1';
export const registries: ResourceType = {apiVersion: ecrApiVersion, kind: 'Registry', plural: 'registries', namespaced: false};
export const repositories: ResourceType = {apiVersion: ecrApiVersion, kind: 'Repository', plural: 'repositories', namespaced: true};
export const clusterPullSecrets: ResourceType = {
  apiVersion: ecrApiVersion,
  kind: 'ClusterPullSecret',
  plural: 'clusterpullsecrets',
  namespaced: false,
};
export const pullSecrets: ResourceType = {apiVersion: ecrApiVersion, kind: 'PullSecret', plural: 'pullsecrets', namespaced: true};
export const publicRepositories: ResourceType = {
  apiVersion: ecrApiVersion,
  kind: 'PublicRepository',
  plural: 'publicrepositories',
  namespaced: true,
};
export const repositoryTemplates: ResourceType = {
  apiVersion: ecrApiVersion,
  kind: 'RepositoryTemplate',
  plural: 'repositorytemplates',
  namespaced: false,
};
export const pullThroughCaches: ResourceType = {
  apiVersion: ecrApiVersion,
  kind: 'PullThroughCache',
  plural: 'pullthroughcaches',
  namespaced: false,
};
export const replicationBackfills: ResourceType = {
  apiVersion: ecrApiVersion,
  kind: 'ReplicationBackfill',
  plural: 'replicationbackfills',
  namespaced: false,
};
export const taskDefinitions: ResourceType = {
  apiVersion: ecsApiVersion,
  kind: 'TaskDefinition',
  plural: 'taskdefinitions',
  namespaced: true,
};
export const clusters: ResourceType = {apiVersion: ecsApiVersion, kind: 'Cluster', plural: 'clusters', namespaced: false};
export const services: ResourceType = {apiVersion: ecsApiVersion, kind: 'Service', plural: 'services', namespaced: true};
export const tasks: ResourceType = {apiVersion: ecsApiVersion, kind: 'Task', plural: 'tasks', namespaced: true};
export const scheduledTasks: ResourceType = {apiVersion: ecsApiVersion, kind: 'ScheduledTask', plural: 'scheduledtasks', namespaced: true};
