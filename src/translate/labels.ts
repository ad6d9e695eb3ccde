/** The label by which a Service's pods are selected; on all that is made for a Service. */
export const serviceLabel = 'ecs.drayage.dev/service';
/** The family of a task definition, on its revisions and on what runs from it. */
export const familyLabel = 'ecs.drayage.dev/family';
/** `family:revision`, on Deployments and pods. */
export const taskDefinitionAnnotation = 'ecs.drayage.dev/task-definition';
/** The label by which the pods of a Task are selected. */
export const taskLabel = 'ecs.drayage.dev/task';
/** On objects of the whole cluster: the namespace of the workload that they were made for. */
export const namespaceLabel = 'ecs.drayage.dev/namespace';
/** RunTask's `group`, as a label's value; `family:<family>` where none is given. */
export const groupLabel = 'ecs.drayage.dev/group';
/** RunTask's `startedBy`, as a label's value. */
export const startedByLabel = 'ecs.drayage.dev/started-by';
/** Which deployment of a service a workload and its pods belong to. */
export const deploymentLabel = 'ecs.drayage.dev/deployment';
