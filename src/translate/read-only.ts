/** What `describe-task-definition` prints beyond what RegisterTaskDefinition takes. */
export const taskReadOnly: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

/** What `describe-services` prints beyond what CreateService takes. */
export const serviceReadOnly: ReadonlySet<string> = new Set([
  'serviceArn',
  'clusterArn',
  'status',
  'runningCount',
  'pendingCount',
  'deployments',
  'events',
  'taskSets',
  'createdAt',
  'createdBy',
  'roleArn',
  'platformFamily',
  'currentServiceDeployment',
  'currentServiceRevisions',
  'resourceManagementType',
]);
