import * as z from 'zod';
import {anyObject, immutable} from '../../schema/rules.ts';

const text = (what: string, longest = 1024) => immutable(z.string().max(longest)).describe(`${what} Cannot be changed.`).optional();
const flag = (what: string) => immutable(z.boolean()).describe(`${what} Cannot be changed.`).optional();
const object = (what: string) => immutable(anyObject()).describe(`${what} Cannot be changed.`).optional();
const list = (what: string, most: number) =>
  immutable(z.array(anyObject()).max(most)).describe(`${what} At most ${most}. Cannot be changed.`).optional();

/** What of RunTask's input has no effect here, or one that a note tells; it is what the task was run with all the same. */
const otherInput = {
  capacityProviderStrategy: list('As launchType, by name and weight: [{capacityProvider, base, weight}].', 20),
  clientToken: text('Not used: an object is run once.'),
  enableECSManagedTags: flag('Not used.'),
  enableExecuteCommand: flag('Not used: kubectl exec is a matter of RBAC.'),
  networkConfiguration: object('awsvpcConfiguration {subnets, securityGroups, assignPublicIp}; see status.notes.'),
  placementConstraints: list('distinctInstance, or memberOf with an expression: [{type, expression}].', 10),
  placementStrategy: list('spread, binpack or random: [{type, field}].', 5),
  platformVersion: text('Not used: a version of Fargate.'),
  propagateTags: text('TASK_DEFINITION: its tags are annotations of the pods, too. Default NONE.', 64),
  referenceId: text('An annotation of the pods.'),
  tags: list('An annotation of the pods: [{key, value}].', 50),
  volumeConfigurations: list('Volumes that the task definition leaves to the launch: [{name, managedEBSVolume}].', 10),
};

/**
 * RunTask's input, and how the task is stopped and forgotten. Fields that RunTask does not have are kept, and end in status.notes. What
 * is run cannot be changed: it is run once.
 */
export const TaskSpec = z
  .looseObject({
    taskDefinition: immutable(z.string().min(1).max(512)).describe(
      'What runs: family (its newest revision at the time when the task is run), family:revision, or the ARN of a task definition, of which the last part counts. The family is looked up among the TaskDefinitions of the namespace. Cannot be changed.',
    ),
    count: immutable(z.int32().min(1).max(10))
      .default(1)
      .describe('How many of it run, each by itself: one that fails does not stop the others. 1 to 10. Default 1. Cannot be changed.'),
    startedBy: immutable(
      z
        .string()
        .min(1)
        .max(128)
        .regex(/^[A-Za-z0-9_/-]{1,128}$/),
    )
      .describe('Who has it run; a label of the pods. Cannot be changed.')
      .optional(),
    group: immutable(z.string().min(1).max(255)).describe('A label of the pods. Default family:<family>. Cannot be changed.').optional(),
    cluster: text(
      'The Cluster: its name or an ARN, of which the last part counts. Default `default`, which is there also where nobody made it.',
      512,
    ),
    launchType: text('The capacity provider of that name, where the Cluster has one. Else any node.', 64),
    overrides: immutable(anyObject())
      .describe(
        'containerOverrides (name, command, environment, environmentFiles, cpu, memory, memoryReservation, resourceRequirements), cpu, memory, taskRoleArn, executionRoleArn and ephemeralStorage, in the place of what the task definition says. Cannot be changed.',
      )
      .optional(),
    ...otherInput,
    stop: z
      .boolean()
      .default(false)
      .describe(
        'True stops the task, as StopTask does: SIGTERM, and SIGKILL after stopTimeout. It cannot be started again. Default false.',
      ),
    stopReason: z.string().max(1024).describe('Why; shown in status.stoppedReason. Default «Task stopped by user».').optional(),
    ttlSecondsAfterStopped: z
      .int32()
      .min(0)
      .describe('The object and its pods are deleted so many seconds after the task has stopped. Default: never.')
      .optional(),
  })
  .describe('The input of RunTask. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html');

export type TaskSpec = z.infer<typeof TaskSpec>;
