/** The label by which a Service's pods are selected; on all that is made for a Service. */
export const serviceLabel = 'ecs.drayage.dev/service';
/** The family of a task definition, on its revisions and on what runs from it. */
export const familyLabel = 'ecs.drayage.dev/family';
/** `family:revision`, on Deployments and pods. */
export const taskDefinitionAnnotation = 'ecs.drayage.dev/task-definition';
