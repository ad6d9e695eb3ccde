import {reportLeftovers, type Verdicts} from './leftovers.ts';
import {normalizeRunTask} from './normalize.ts';
import {isRefused, type Note, type Report} from './note.ts';
import {record} from './recorder.ts';
import type {RunTaskInput} from './run-task-input.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Target {
  /** What is run each time. Undefined where a note is refused. */
  readonly run?: RunTaskInput;
  /** How long after its time a run may still be started. */
  readonly deadlineSeconds: number;
  readonly notes: readonly Note[];
}

/** EventBridge's default, and the longest that it takes. */
const longestDeadline = 86_400;

const ignored = (reason: string, message: string): Omit<Note, 'path'> => ({level: 'ignored', reason, message});

const verdicts: Verdicts = {
  name: ignored('NameIgnored', 'The schedule is called as the object is.'),
  groupName: ignored('GroupIgnored', 'The schedule is in the namespace of the object.'),
  kmsKeyArn: ignored('KmsKeyIgnored', 'The object is kept in the cluster, as all others are.'),
  clientToken: ignored('ClientTokenIgnored', 'Applying an object twice does nothing twice.'),
  'target.arn': ignored('ClusterIgnored', 'It is no ARN of an ECS cluster, so the tasks run in the Cluster default.'),
  'target.roleArn': ignored('ScheduleRoleIgnored', 'The operator makes the tasks; no role is assumed for it.'),
  'target.deadLetterConfig': ignored('DeadLetterIgnored', 'What could not be started is told by conditions and Events.'),
  'target.retryPolicy.maximumRetryAttempts': ignored(
    'RetryAttemptsIgnored',
    'A run that is due is tried until it has been made, or maximumEventAgeInSeconds is over.',
  ),
};

/** Fields of the spec that are the kind's own to read. */
const ofKind: ReadonlySet<string> = new Set([
  'scheduleExpression',
  'scheduleExpressionTimezone',
  'startDate',
  'endDate',
  'state',
  'description',
  'successfulTasksHistoryLimit',
  'failedTasksHistoryLimit',
]);

/**
 * What a schedule runs, from CreateSchedule's input: `target` as RunTask's input, or as EventBridge writes it (`ecsParameters`, with
 * `input` for the overrides; small or capital initials). Takes any JSON and never throws.
 */
export function targetOf(spec: Json): Target {
  const notes: Note[] = [];
  const report: Report = (note) => void notes.push(note);
  const plain = {...spec, target: lowered(spec['target'])} as Json;
  const {value, isRead} = record(plain);
  readTimes(value, report);
  const target = isObject(value['target']) ? value['target'] : {};
  const parameters = target['ecsParameters'];
  const isEcs = isObject(parameters);
  const asked = isEcs
    ? {...ofEcsParameters(parameters, target['input'], report), ...clusterOf(plain['target'], target)}
    : copyOf(ofRunTask(target));
  const deadlineSeconds = deadlineOf(target['retryPolicy'], report);
  const walk = {isRead: (path: string) => isRead(path) || ofKind.has(path), verdicts, report};
  reportLeftovers(plain, '', {...walk, unknown: 'CreateSchedule has no such field that is known here.'});
  const run = normalizeRunTask(asked);
  const root = isEcs ? 'target.ecsParameters' : 'target';
  notes.push(...run.notes.map((note) => ({...note, path: note.path.replace(/^runTask/, root)})));
  if (run.value?.taskDefinition === undefined && !notes.some(isRefused)) {
    const message = 'The target names no task definition: taskDefinition, or ecsParameters.taskDefinitionArn.';
    report({path: root, level: 'refused', reason: 'InvalidTarget', message});
  }
  return run.value === undefined || notes.some(isRefused) ? {deadlineSeconds, notes} : {run: run.value, deadlineSeconds, notes};
}

function readTimes({flexibleTimeWindow, actionAfterCompletion}: Json, report: Report): void {
  if (isObject(flexibleTimeWindow) && copyOf(flexibleTimeWindow)['mode'] === 'FLEXIBLE') {
    const message = 'Runs are started at the beginning of the window, and not spread over it.';
    report({path: 'flexibleTimeWindow', level: 'approximated', reason: 'FlexibleWindowNotUsed', message});
  }
  if (actionAfterCompletion !== undefined && actionAfterCompletion !== 'NONE') {
    const message = 'The object stays when it is due no more: its tasks would go with it. Delete it when they are not needed.';
    report({path: 'actionAfterCompletion', level: 'ignored', reason: 'ActionAfterCompletionIgnored', message});
  }
}

function ofEcsParameters(parameters: Json, input: unknown, report: Report): Json {
  const {taskDefinitionArn, taskCount, ...same} = copyOf(parameters);
  return {
    ...same,
    ...(taskDefinitionArn === undefined ? {} : {taskDefinition: taskDefinitionArn}),
    ...(taskCount === undefined ? {} : {count: taskCount}),
    ...(typeof input === 'string' ? overridesOf(input, report) : {}),
  };
}

/** What EventBridge has as the target of a task is its cluster. `plain` is the target before anybody reads it. */
function clusterOf(plain: unknown, target: Json): Json {
  const {arn} = plain as Json;
  return typeof arn === 'string' && /^arn:[^:]+:ecs:[^:]*:[^:]*:cluster\/./.test(arn) ? {cluster: target['arn']} : {};
}

/** EventBridge hands `input` to RunTask as its overrides. */
function overridesOf(input: string, report: Report): Json {
  try {
    return {overrides: JSON.parse(input) as unknown};
  } catch {
    const message = 'It must be the overrides of RunTask as JSON: {"containerOverrides": [...]}.';
    report({path: 'target.input', level: 'refused', reason: 'InvalidTarget', message});
    return {};
  }
}

const ofEventBridge: ReadonlySet<string> = new Set(['arn', 'roleArn', 'ecsParameters', 'input', 'retryPolicy', 'deadLetterConfig']);

function ofRunTask(target: Json): Json {
  const keys = Object.keys(target).filter((key) => !ofEventBridge.has(key));
  return Object.fromEntries(keys.map((key) => [key, target[key]]));
}

function deadlineOf(retryPolicy: unknown, report: Report): number {
  const age = isObject(retryPolicy) ? retryPolicy['maximumEventAgeInSeconds'] : undefined;
  if (age === undefined || age === null) return longestDeadline;
  if (typeof age === 'number' && age >= 60 && age <= longestDeadline) return age;
  const path = 'target.retryPolicy.maximumEventAgeInSeconds';
  report({path, level: 'refused', reason: 'InvalidField', message: `must be 60 to ${longestDeadline}.`});
  return longestDeadline;
}

/** Keys with small initials, as the SDKs of most languages and this operator write them. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.slice(0, 1).toLowerCase() + key.slice(1), lowered(inner)]));
}

/** Reads every leaf. What is wrong with it is told by whoever gets the copy. */
function copyOf(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
