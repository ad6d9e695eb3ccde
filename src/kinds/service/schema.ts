import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {services} from '../../schema/types.ts';
import {callReasons} from '../aws-reasons.ts';
import {clusterReasons} from '../cluster-ref.ts';
import {MadeObjects, madeReasons} from '../made-objects/schema.ts';
import {secretActions, secretReasons} from '../needed-secrets/reasons.ts';
import {ShownImages} from '../pinned-images/shown.ts';
import {NoteStatus, notesShown} from '../../translate/note-schema.ts';

const count = (what: string) => z.int32().min(0).describe(what);

const percent = (what: string) => z.int32().min(0).max(1000).describe(what).optional();
const time = (what: string) => z.string().max(32).describe(what);

const CircuitBreaker = z
  .looseObject({
    enable: z.boolean().describe('Whether failed tasks end a deployment.').optional(),
    rollback: z.boolean().describe('Whether a failed deployment is followed by the last one that was completed. Default false.').optional(),
    resetOnHealthyTask: z
      .boolean()
      .describe('Whether failed tasks are forgotten as soon as one is healthy. Default true, as in ECS.')
      .optional(),
  })
  .describe(
    'How many failed tasks end a deployment: by thresholdConfiguration {type, value}, by default BOUNDED_PERCENT and 50: half of desiredCount, at least 3 and at most 200.',
  );

const DeploymentConfiguration = z
  .looseObject({
    minimumHealthyPercent: percent(
      'How many percent of desiredCount stay ready during a deployment, rounded up. Default 100, as in ECS; 0 for DAEMON.',
    ),
    maximumPercent: percent('How many percent of desiredCount may exist during a deployment, rounded down. Default 200, as in ECS.'),
    strategy: z.string().max(64).describe('ROLLING (default), BLUE_GREEN, LINEAR or CANARY.').optional(),
    bakeTimeInMinutes: z
      .int32()
      .min(0)
      .max(1440)
      .describe('How long a deployment is watched, with what it replaces at hand, before it is complete. Default 0.')
      .optional(),
    deploymentCircuitBreaker: CircuitBreaker.optional(),
  })
  .describe(
    'How new pods replace old ones. Also taken: linearConfiguration, canaryConfiguration, earlySuccessCriteria, lifecycleHooks of targetType PAUSE. Other fields end in status.notes.',
  );

/** CreateService's input. Fields that are not listed are kept, and end in status.notes. */
export const ServiceSpec = z
  .looseObject({
    taskDefinition: z
      .string()
      .min(1)
      .max(512)
      .describe(
        'What runs: family (its newest revision), family:revision, or the ARN of a task definition, of which the last part counts. The family is looked up among the TaskDefinitions of the namespace.',
      ),
    desiredCount: z
      .int32()
      .min(0)
      .max(10_000)
      .default(1)
      .describe('How many tasks (pods) run. Default 1; ECS has none. Leave it out where an autoscaler sets it.'),
    schedulingStrategy: z
      .string()
      .max(64)
      .describe('REPLICA (default): desiredCount tasks. DAEMON: one task on each node that fits. It cannot be changed.')
      .optional(),
    cluster: z
      .string()
      .max(512)
      .describe(
        'The Cluster: its name or an ARN, of which the last part counts. Default `default`, which is there also where nobody made it.',
      )
      .optional(),
    launchType: z
      .string()
      .max(64)
      .describe('The capacity provider of that name, where the Cluster has one: FARGATE, EC2, EXTERNAL, MANAGED_INSTANCES. Else any node.')
      .optional(),
    deploymentConfiguration: DeploymentConfiguration.optional(),
  })
  .describe('The input of CreateService. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html');

export type ServiceSpec = z.infer<typeof ServiceSpec>;

const rolloutStates = ['IN_PROGRESS', 'COMPLETED', 'FAILED'] as const;

const DeploymentState = z.object({
  id: z.string().max(64).describe('ecs-svc/ and what tells one definition of the service and its tasks from any other.'),
  status: z
    .enum(['PRIMARY', 'ACTIVE', 'INACTIVE'])
    .describe('PRIMARY: the newest. ACTIVE: one that is being replaced. INACTIVE: one that failed and has no pods any more.'),
  taskDefinition: z.string().max(300).describe('family:revision.').optional(),
  desiredCount: count('Pods that this deployment is to have.'),
  runningCount: count('Pods of it that are ready.'),
  pendingCount: count('Pods of it that are not ready.'),
  failedTasks: count('Failed tasks since one was last healthy.').optional(),
  rolloutState: z.enum(rolloutStates).describe('How far the deployment is.').optional(),
  rolloutStateReason: z.string().max(1024).describe('The same in a sentence.').optional(),
  lifecycleStage: z.string().max(64).describe('Where it is, while it is in progress.').optional(),
  createdAt: time('When it began.').optional(),
  updatedAt: time('When its rolloutState changed.').optional(),
});

const RolloutMemory = z
  .object({
    id: z.string().max(64).describe('Which deployment.'),
    state: z.enum(rolloutStates).describe('As rolloutState.'),
    reason: z.string().max(1024).describe('As rolloutStateReason.'),
    createdAt: time('When it began.'),
    updatedAt: time('When its state changed.'),
    failedTasks: count('As failedTasks.'),
    failuresSeen: count('Failures in its pods that have been counted.'),
    step: count('Which step of its strategy it is in.'),
    since: time('When that step began.'),
    strategy: z.enum(['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY']).describe('Whose steps they are.'),
    way: z.enum(['BACK', 'FIRST']).describe('BACK: to the last one that was completed. FIRST: there was none before.').optional(),
    answeredBefore: z.string().max(256).describe('What the annotation that ends a pause said before.').optional(),
  })
  .describe('What the operator has to remember of the deployment in hand.');

const LastCompleted = z
  .object({
    id: z.string().max(64).describe('Which deployment.'),
    taskDefinition: z.string().max(300).describe('family:revision.'),
    service: z.looseObject({}).describe('The service as it was, without its numbers.'),
    images: ShownImages.optional(),
  })
  .describe('The last deployment that was completed: what a failed one is rolled back to.');

const LastFailed = z
  .object({
    id: z.string().max(64).describe('Which deployment.'),
    taskDefinition: z.string().max(300).describe('family:revision.'),
    reason: z.string().max(1024).describe('Why.'),
    failedTasks: count('Failed tasks.'),
    createdAt: time('When it began.'),
    updatedAt: time('When it failed.'),
  })
  .describe('The deployment that failed and was rolled back. It is not tried again until another is asked for.');

const ServiceEvent = z.object({
  id: z.string().max(64).describe('Tells it from others.'),
  createdAt: time('When.'),
  message: z.string().max(1024).describe('What happened, in the words of ECS.'),
});

/** So many events are kept. */
export const eventsKept = 20;

export const ServiceStatus = z.object({
  status: z.enum(['ACTIVE', 'DRAINING']).describe('DRAINING while the object is being deleted.').optional(),
  taskDefinition: z.string().max(300).describe('family:revision that the service runs or deploys.').optional(),
  desiredCount: count('Pods that there are to be.').optional(),
  runningCount: count('Pods that are ready.').optional(),
  pendingCount: count('Pods that are not ready.').optional(),
  selector: z.string().max(256).describe('Label selector of the pods, for autoscalers.').optional(),
  deployments: z
    .array(DeploymentState)
    .max(5)
    .describe('The newest deployment, those that it replaces, and one that has failed and was rolled back.')
    .optional(),
  events: z.array(ServiceEvent).max(eventsKept).describe(`What happened, the newest first; the last ${eventsKept}.`).optional(),
  rollout: RolloutMemory.optional(),
  lastCompleted: LastCompleted.optional(),
  lastFailed: LastFailed.optional(),
  objects: MadeObjects.optional(),
  images: ShownImages.optional(),
  noteCount: z.int().min(0).describe('How many notes there are.').optional(),
  notes: z.array(NoteStatus).max(notesShown).describe(`What could not be carried over as it stands; the first ${notesShown}.`).optional(),
});

export type ServiceStatus = z.infer<typeof ServiceStatus>;
export type DeploymentState = z.infer<typeof DeploymentState>;
export type ServiceEvent = z.infer<typeof ServiceEvent>;

export const definition = {
  ...services,
  singular: 'service',
  shortNames: ['ecssvc'],
  description: 'An ECS service: keeps a number of tasks of a task definition running, as a Deployment (or DaemonSet) of the same name.',
  spec: ServiceSpec,
  status: ServiceStatus,
  columns: [
    {name: 'TaskDefinition', type: 'string', jsonPath: '.status.taskDefinition', description: 'family:revision.'},
    {name: 'Desired', type: 'integer', jsonPath: '.status.desiredCount', description: 'Pods that there are to be.'},
    {name: 'Running', type: 'integer', jsonPath: '.status.runningCount', description: 'Pods that are ready.'},
    {name: 'Pending', type: 'integer', jsonPath: '.status.pendingCount', description: 'Pods that are not ready.', priority: 1},
    {
      name: 'Notes',
      type: 'integer',
      jsonPath: '.status.noteCount',
      description: 'What could not be carried over as it stands.',
      priority: 1,
    },
  ],
  scale: {specReplicasPath: '.spec.desiredCount', statusReplicasPath: '.status.runningCount', labelSelectorPath: '.status.selector'},
  actions: ['ecr:DescribeImages', ...secretActions],
  reasons: {
    SteadyState: 'All pods run the task definition and are ready.',
    DeploymentInProgress: 'Pods are being started or replaced.',
    RollingBack: 'A deployment has failed, and the last one that was completed is deployed again.',
    RolledBack:
      'A deployment has failed, and the last one that was completed runs again. Mend the task definition or the service; it is tried again when one of them changes.',
    DeploymentFailed:
      'Too many tasks of the deployment have failed, and there is no earlier one to go back to, or rollback is off. Look at its pods, and mend the task definition.',
    WaitingToContinue: 'The deployment waits at a stage until someone lets it go on; the message has the command.',
    SchedulingStrategyImmutable: 'A service cannot change between REPLICA and DAEMON. What runs stays; make another service.',
    TaskDefinitionNotFound:
      'No TaskDefinition of the namespace has that family, or none with that revision. It goes on as soon as there is one.',
    InvalidTaskDefinitionReference: 'taskDefinition is neither a family, family:revision nor an ARN. Change it.',
    ...clusterReasons,
    RoleNotAllowed:
      'The Cluster does not allow the role of the task definition in this namespace. Whoever keeps it can add it to spec.allowedRoles.',
    NotTranslatable:
      'The task definition or the service has fields that cannot be carried. Change those that the message names; what runs stays.',
    ObjectNotOwned:
      'An object that the service is to be made of exists, and this object did not make it. It is left alone; delete it or choose another name.',
    ...madeReasons,
    Translated: 'Every field is honoured, approximated or ignored; status.notes has those that are not honoured.',
    Available: 'Enough pods are ready.',
    NotAvailable: 'Fewer pods are ready than the deployment configuration asks for.',
    ...secretReasons,
    ...callReasons,
    Deleting: 'Kubernetes removes the Deployment together with the object.',
  },
} as const satisfies Definition<ServiceSpec>;
