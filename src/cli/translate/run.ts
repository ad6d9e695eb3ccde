import {runOf} from '../../kinds/task/run-of.ts';
import {ScheduleFault} from '../../translate/cron-fields.ts';
import {parseSchedule} from '../../translate/schedule.ts';
import {targetOf} from '../../translate/schedule-target.ts';
import type {Note} from '../../translate/note.ts';
import type {ShownNote} from './answer.ts';
import type {Json} from './json.ts';

/** How a definition runs. */
export type Run =
  /** CreateService's input. */
  | {readonly is: 'service'; readonly service: unknown}
  /** RunTask's input. `notes` are of what it was found in, and `needed` what the operator does with it. */
  | {readonly is: 'task'; readonly runTask: unknown; readonly notes: readonly Note[]; readonly needed: readonly ShownNote[]};

/** For a definition by itself. */
export const oneOfIt: Run = {is: 'service', service: {desiredCount: 1}};

/** The spec of a Service, with the default of its schema. */
export function runOfService(spec: unknown): Run {
  const isDaemon = typeof spec === 'object' && spec !== null && 'schedulingStrategy' in spec && spec.schedulingStrategy === 'DAEMON';
  const isPlain = typeof spec !== 'object' || spec === null || isDaemon;
  return {is: 'service', service: isPlain ? spec : {desiredCount: 1, ...spec}};
}

/** The spec of a Task, or RunTask's input. */
export function runOfTask(spec: Json): Run {
  return {is: 'task', runTask: runOf(spec), notes: [], needed: []};
}

/** The spec of a ScheduledTask: one of the tasks that it makes. */
export function runOfSchedule(spec: Json): Run {
  const {run, notes} = targetOf(spec);
  const faults = [faultOf(spec)].flatMap((message) =>
    message === undefined ? [] : [{path: 'scheduleExpression', level: 'refused', reason: 'InvalidSchedule', message} as const],
  );
  const message = 'The operator makes a task like this one each time that it is due.';
  const needed = [{path: 'scheduleExpression', level: 'needed', reason: 'FromSchedule', message}] as const;
  return {is: 'task', runTask: run ?? {}, notes: [...faults, ...notes], needed};
}

/** The task definition that is to run, as the run names it. */
export function definitionOf(run: Run): unknown {
  const asked = run.is === 'service' ? run.service : run.runTask;
  return typeof asked === 'object' && asked !== null && 'taskDefinition' in asked ? asked.taskDefinition : undefined;
}

function faultOf({scheduleExpression, scheduleExpressionTimezone}: Json): string | undefined {
  if (typeof scheduleExpression !== 'string') return 'is missing; write cron(...), rate(...) or at(...).';
  try {
    parseSchedule(scheduleExpression, typeof scheduleExpressionTimezone === 'string' ? scheduleExpressionTimezone : undefined);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleFault) return error.message;
    throw error;
  }
}
