import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {scheduledTasks} from '../../schema/types.ts';
import {NoteStatus, notesShown} from '../../translate/note-schema.ts';
import {reasons} from './reasons.ts';

const historyLimit = (what: string, standard: number) =>
  z
    .int32()
    .min(0)
    .max(1000)
    .default(standard)
    .describe(`How many Tasks that ${what} are kept, with their pods and logs. Default ${standard}.`);

/** CreateSchedule's input, as EventBridge Scheduler takes it. Fields that are not listed are kept, and end in status.notes. */
export const ScheduledTaskSpec = z
  .looseObject({
    scheduleExpression: z
      .string()
      .min(1)
      .max(256)
      .describe(
        'When: cron(minutes hours day-of-month month day-of-week year), rate(5 minutes) or at(2026-12-24T18:00:00). cron takes ? L W and #; a rate begins when the object is made, or at startDate. Example: cron(0 3 ? * MON-FRI *).',
      ),
    scheduleExpressionTimezone: z
      .string()
      .min(1)
      .max(50)
      .default('UTC')
      .describe(
        'Time zone of cron and at, such as Europe/Berlin. A time that is skipped when clocks go forward is not run; one that comes twice is run once. Default UTC.',
      ),
    startDate: z.iso.datetime({offset: true}).describe('No task is made before. Not for at(). Default: none.').optional(),
    endDate: z.iso.datetime({offset: true}).describe('No task is made after. Not for at(). Default: none.').optional(),
    state: z.enum(['ENABLED', 'DISABLED']).default('ENABLED').describe('DISABLED: no task is made. Default ENABLED.'),
    description: z.string().max(512).describe('For people.').optional(),
    flexibleTimeWindow: z
      .looseObject({
        mode: z.enum(['OFF', 'FLEXIBLE']).describe('OFF, or FLEXIBLE, which is taken as OFF with a note.').optional(),
        maximumWindowInMinutes: z.int32().min(1).max(1440).describe('Not used.').optional(),
      })
      .describe('Taken; runs are started at the beginning of the window.')
      .optional(),
    target: z
      .looseObject({})
      .describe(
        'What runs: the input of RunTask (taskDefinition, count, overrides, ...), or what EventBridge has there: ecsParameters and input. retryPolicy.maximumEventAgeInSeconds (60 to 86400, default 86400) is how late a run may be started, where the operator was not there in time; of several that were missed the newest is.',
      ),
    successfulTasksHistoryLimit: historyLimit('succeeded', 3),
    failedTasksHistoryLimit: historyLimit('did not succeed', 1),
  })
  .describe('The input of CreateSchedule. Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html');

export type ScheduledTaskSpec = z.infer<typeof ScheduledTaskSpec>;

export const ScheduledTaskStatus = z.object({
  nextRunTime: z.string().max(40).describe('When a task is made next.').optional(),
  lastRunTime: z.string().max(40).describe('The newest time for which a task was made.').optional(),
  lastTask: z.string().max(253).describe('The Task that was made for it.').optional(),
  activeCount: z.int32().min(0).describe('Its Tasks that have not stopped.').optional(),
  schedule: z.string().max(64).describe('Changes with the expression, its time zone and the state.').optional(),
  scheduledSince: z.string().max(40).describe('Since when that schedule counts: what was due before is not run.').optional(),
  noteCount: z.int().min(0).describe('How many notes there are.').optional(),
  notes: z.array(NoteStatus).max(notesShown).describe(`What could not be carried over as it stands; the first ${notesShown}.`).optional(),
});

export type ScheduledTaskStatus = z.infer<typeof ScheduledTaskStatus>;

export const definition = {
  ...scheduledTasks,
  singular: 'scheduledtask',
  shortNames: ['ecsschedule'],
  description: 'Runs an ECS task by a schedule of EventBridge: makes a Task each time that it is due.',
  spec: ScheduledTaskSpec,
  status: ScheduledTaskStatus,
  columns: [
    {name: 'Schedule', type: 'string', jsonPath: '.spec.scheduleExpression', description: 'When.'},
    {name: 'Next', type: 'string', jsonPath: '.status.nextRunTime', description: 'When a task is made next.'},
    {name: 'Last', type: 'date', jsonPath: '.status.lastRunTime', description: 'How long ago the last one was due.'},
    {name: 'Active', type: 'integer', jsonPath: '.status.activeCount', description: 'Its tasks that have not stopped.'},
    {name: 'Timezone', type: 'string', jsonPath: '.spec.scheduleExpressionTimezone', priority: 1},
    {name: 'LastTask', type: 'string', jsonPath: '.status.lastTask', priority: 1},
  ],
  reasons,
} as const satisfies Definition<ScheduledTaskSpec>;
