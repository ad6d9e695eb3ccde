import {callReasons} from '../aws-reasons.ts';
import {clusterReasons} from '../cluster-ref.ts';
import {madeReasons} from '../made-objects/schema.ts';
import {secretReasons} from '../needed-secrets/reasons.ts';

/** Every reason of a Task's conditions. */
export const reasons = {
  Provisioning: 'The pods of the task are being made, or wait for a node. The message says what the scheduler says.',
  Pending: 'Images are pulled and containers started.',
  Running: 'The task runs.',
  Stopping: 'The containers have been told to stop, and get stopTimeout for it.',
  Succeeded: 'The task has stopped, and the essential container that exited first exited with 0; with a count, each of them.',
  TaskFailed:
    'The task has stopped and did not succeed. status.tasks has the exit codes, and the pods still have their logs. Make another Task to run it again.',
  Stopped: 'The task has stopped because spec.stop is true.',
  UserInitiated: 'The task was stopped by a person before its end.',
  EssentialContainerExited: 'An essential container exited with another code than 0.',
  TaskFailedToStart:
    'A container could not be started: the image, the command or what it needs is not there. status.tasks has the words of the node.',
  TerminationNotice: 'The pod was evicted, preempted, or its node shut down. ECS does not run such a task again either.',
  InfrastructureHealth: 'The node is gone, or ran out of memory or disk.',
  TaskDefinitionNotFound:
    'No TaskDefinition of the namespace has that family, or none with that revision. The task is run as soon as there is one.',
  InvalidTaskDefinitionReference: 'taskDefinition is neither a family, family:revision nor an ARN. Make another Task with one.',
  NotTranslatable:
    'A field cannot be carried. Change what the message names in the task definition, and the task is run; of a field of RunTask (runTask.…), make another Task.',
  JobNotOwned: 'A Job of that name exists that this object did not make. It is left alone; delete it, or give the Task another name.',
  ObjectNotOwned: 'Something that the task needs beside its Job has a name that is taken. Delete that, or give the Task another name.',
  ...clusterReasons,
  RoleNotAllowed:
    'The Cluster does not allow the role of the task in this namespace. Whoever keeps it can add it to spec.allowedRoles; then it is run.',
  ...madeReasons,
  ...secretReasons,
  ...callReasons,
  Translated: 'Every field is honoured, approximated or ignored; status.notes has those that are not honoured.',
  Expired: 'ttlSecondsAfterStopped is over, and the object is being deleted.',
  Deleting: 'Kubernetes removes the Job and its pods together with the object; the containers get stopTimeout to stop.',
} as const;
