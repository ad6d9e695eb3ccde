import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {services} from '../../schema/types.ts';
import {callReasons} from '../aws-reasons.ts';
import {secretActions, secretReasons} from '../needed-secrets/reasons.ts';
import {NoteStatus, notesShown} from '../../translate/note-schema.ts';

const count = (what: string) => z.int32().min(0).describe(what);

const DeploymentConfiguration = z
  .looseObject({
    minimumHealthyPercent: z
      .int32()
      .min(0)
      .max(1000)
      .describe('How many percent of desiredCount stay ready during a deployment, rounded up. Default 100, as in ECS.')
      .optional(),
    maximumPercent: z
      .int32()
      .min(0)
      .max(1000)
      .describe('How many percent of desiredCount may exist during a deployment, rounded down. Default 200, as in ECS.')
      .optional(),
  })
  .describe('How new pods replace old ones. Fields that are not listed here end in status.notes.');

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
    schedulingStrategy: z.string().max(64).describe('REPLICA. Default REPLICA; DAEMON is not carried yet.').optional(),
    launchType: z.string().max(64).describe("Taken and not used: the cluster's scheduler chooses among all nodes.").optional(),
    deploymentConfiguration: DeploymentConfiguration.optional(),
  })
  .describe('The input of CreateService. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html');

export type ServiceSpec = z.infer<typeof ServiceSpec>;

const DeploymentState = z.object({
  id: z.string().max(64).describe('ecs-svc/ and a number that stays for as long as the task definition does.'),
  status: z.enum(['PRIMARY', 'ACTIVE']).describe('PRIMARY: the newest. ACTIVE: one that is being replaced.'),
  taskDefinition: z.string().max(300).describe('family:revision.').optional(),
  desiredCount: count('Pods that this deployment is to have.'),
  runningCount: count('Pods of it that are ready. During a deployment the pods of the older one are taken to be ready.'),
  pendingCount: count('Pods of it that are not ready.'),
  rolloutState: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']).describe('How far the deployment is.').optional(),
  rolloutStateReason: z.string().max(1024).describe('The same in a sentence.').optional(),
});

export const ServiceStatus = z.object({
  status: z.enum(['ACTIVE', 'DRAINING']).describe('DRAINING while the object is being deleted.').optional(),
  taskDefinition: z.string().max(300).describe('family:revision that the service runs or deploys.').optional(),
  desiredCount: count('Pods that there are to be.').optional(),
  runningCount: count('Pods that are ready.').optional(),
  pendingCount: count('Pods that are not ready.').optional(),
  selector: z.string().max(256).describe('Label selector of the pods, for autoscalers.').optional(),
  deployments: z.array(DeploymentState).max(2).describe('The newest deployment, and the one that it replaces.').optional(),
  images: z
    .array(
      z.object({
        image: z.string().max(4096).describe('As the task definition names it.'),
        imageDigest: z
          .string()
          .max(256)
          .describe('What its tag stood for when the deployment began. Absent where that could not be looked up.')
          .optional(),
      }),
    )
    .max(10)
    .describe('Images in ECR whose tags the deployment has looked up, once for all of its pods.')
    .optional(),
  noteCount: z.int().min(0).describe('How many notes there are.').optional(),
  notes: z.array(NoteStatus).max(notesShown).describe(`What could not be carried over as it stands; the first ${notesShown}.`).optional(),
});

export type ServiceStatus = z.infer<typeof ServiceStatus>;
export type DeploymentState = z.infer<typeof DeploymentState>;

export const definition = {
  ...services,
  singular: 'service',
  shortNames: ['ecssvc'],
  description: 'An ECS service: keeps a number of tasks of a task definition running, as a Deployment of the same name.',
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
    DeploymentFailed: 'A deployment has made no progress for 10 minutes. Look at its pods, and mend the task definition.',
    TaskDefinitionNotFound:
      'No TaskDefinition of the namespace has that family, or none with that revision. It goes on as soon as there is one.',
    InvalidTaskDefinitionReference: 'taskDefinition is neither a family, family:revision nor an ARN. Change it.',
    NotTranslatable:
      'The task definition or the service has fields that cannot be carried. Change those that the message names; what runs stays.',
    DeploymentNotOwned:
      'A Deployment of the same name exists that this object did not make. It is left alone; delete it or choose another name.',
    Translated: 'Every field is honoured, approximated or ignored; status.notes has those that are not honoured.',
    Available: 'Enough pods are ready.',
    NotAvailable: 'Fewer pods are ready than the deployment configuration asks for.',
    ...secretReasons,
    ...callReasons,
    Deleting: 'Kubernetes removes the Deployment together with the object.',
  },
} as const satisfies Definition<ServiceSpec>;
