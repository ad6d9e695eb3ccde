import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {tasks} from '../../schema/types.ts';
import {NoteStatus, notesShown} from '../../translate/note-schema.ts';
import {MadeObjects} from '../made-objects/schema.ts';
import {secretActions} from '../needed-secrets/reasons.ts';
import {ShownImages} from '../pinned-images/shown.ts';
import {reasons} from './reasons.ts';
import {TaskSpec} from './spec-schema.ts';

export {TaskSpec};

const count = (what: string) => z.int32().min(0).describe(what);
const time = (what: string) => z.string().max(40).describe(what).optional();

const lastStatus = z
  .enum(['PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'STOPPED'])
  .describe('How far it is: PROVISIONING until it is on a node, PENDING until its containers run.');
const stopCode = z
  .enum(['TaskFailedToStart', 'EssentialContainerExited', 'UserInitiated', 'TerminationNotice', 'InfrastructureHealth'])
  .describe("Why it was stopped, in ECS's words.")
  .optional();
const stoppedReason = z.string().max(1024).describe('The same in a sentence.').optional();
const exitCode = z.int32().describe('Exit code of the essential container that exited first.').optional();

const ContainerState = z.object({
  name: z.string().max(255).describe('As the task definition has it.'),
  lastStatus: z.enum(['PENDING', 'RUNNING', 'STOPPED']).describe('Whether it runs.'),
  exitCode: z.int32().describe('Exit code; absent where it never ran.').optional(),
  reason: z.string().max(1024).describe('Why it could not be started, or was killed.').optional(),
  image: z.string().max(4096).describe('The image, as the task definition has it.').optional(),
  imageDigest: z.string().max(256).describe('The digest of the image that was pulled.').optional(),
});

const TaskState = z.object({
  index: z.int32().min(0).max(9).describe('Its number, from 0.'),
  pod: z.string().max(253).describe('Its pod.').optional(),
  lastStatus,
  stopCode,
  stoppedReason,
  exitCode,
  startedAt: time('When all of its containers had been started.'),
  stoppedAt: time('When the last of its containers had ended.'),
  containers: z.array(ContainerState).max(20).describe('Its containers.').optional(),
});

export const TaskStatus = z.object({
  taskDefinition: z.string().max(300).describe('family:revision that was run.').optional(),
  lastStatus: lastStatus.optional(),
  desiredStatus: z.enum(['RUNNING', 'STOPPED']).describe('STOPPED once it is to stop.').optional(),
  stopCode,
  stoppedReason,
  exitCode: exitCode.describe('Exit code of the essential container that exited first; of several tasks the first that is not 0.'),
  job: z.string().max(63).describe('The Job of the same namespace that its pods belong to.').optional(),
  createdAt: time('When it was run. From then on it is never run again, whatever becomes of its Job.'),
  startedAt: time('When the first of its tasks was running.'),
  stoppedAt: time('When the last of its tasks had stopped.'),
  pendingCount: count('Tasks that do not run yet.').optional(),
  runningCount: count('Tasks that run.').optional(),
  stoppedCount: count('Tasks that have stopped.').optional(),
  tasks: z.array(TaskState).max(10).describe('Each of them, as describe-tasks shows it.').optional(),
  objects: MadeObjects.optional(),
  images: ShownImages.optional(),
  noteCount: z.int().min(0).describe('How many notes there are.').optional(),
  notes: z.array(NoteStatus).max(notesShown).describe(`What could not be carried over as it stands; the first ${notesShown}.`).optional(),
});

export type TaskStatus = z.infer<typeof TaskStatus>;
export type TaskState = z.infer<typeof TaskState>;
export type ContainerState = z.infer<typeof ContainerState>;
export type StopCode = NonNullable<TaskState['stopCode']>;

export const definition = {
  ...tasks,
  singular: 'task',
  shortNames: ['ecstask'],
  description: 'An ECS task: runs a task definition once, to its end.',
  spec: TaskSpec,
  status: TaskStatus,
  columns: [
    {name: 'TaskDefinition', type: 'string', jsonPath: '.status.taskDefinition', description: 'family:revision.'},
    {name: 'LastStatus', type: 'string', jsonPath: '.status.lastStatus', description: 'How far it is.'},
    {name: 'StopCode', type: 'string', jsonPath: '.status.stopCode', description: 'Why it was stopped.'},
    {name: 'ExitCode', type: 'integer', jsonPath: '.status.exitCode', description: 'Of the essential container that exited first.'},
    {name: 'StartedBy', type: 'string', jsonPath: '.spec.startedBy', priority: 1},
    {name: 'Running', type: 'integer', jsonPath: '.status.runningCount', description: 'Tasks that run.', priority: 1},
    {name: 'Notes', type: 'integer', jsonPath: '.status.noteCount', description: 'What could not be carried over.', priority: 1},
  ],
  actions: ['ecr:DescribeImages', ...secretActions],
  reasons,
} as const satisfies Definition<TaskSpec>;
