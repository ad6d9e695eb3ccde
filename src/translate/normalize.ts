import type * as z from 'zod';
import {ServiceInput, TaskDefinition} from './ecs.ts';
import {at, type Segment} from './field-path.ts';
import {issueWords} from './issue-words.ts';
import {isRefused, type Note, type Report} from './note.ts';
import {placeholderIn} from './placeholder.ts';
import {cpuUnits, memoryMebibytes} from './quantity.ts';
import {checkRules} from './rules.ts';
import {serviceReadOnly, taskReadOnly} from './read-only.ts';
import {RunTaskInput} from './run-task-input.ts';

export interface Normalized<T> {
  /** Undefined where ECS would not have it; then at least one note is `refused`. */
  readonly value?: T;
  readonly notes: readonly Note[];
}

type Json = Readonly<Record<string, unknown>>;

const deepest = 48;
/** Objects whose keys are the user's own: an empty value means something there. */
const maps = new Set(['dockerLabels', 'options', 'driverOpts', 'labels']);

/**
 * A task definition as ECS would register it, from what people have: RegisterTaskDefinition's input, or what
 * `describe-task-definition` prints (wrapper, read-only fields, nulls, empty strings). Equal definitions come out equal,
 * and what comes out goes in unchanged.
 */
export function normalizeTaskDefinition(input: unknown): Normalized<TaskDefinition> {
  const notes: Note[] = [];
  const report: Report = (note) => notes.push(note);
  if (!isObject(input)) return refusedWhole('A task definition is a JSON object.');
  const plain = withoutReadOnly(clean(unwrap(input, report), '', report), taskReadOnly, '', report);
  const sized = sizes(plain, report);
  const parsed = TaskDefinition.safeParse(sized);
  if (parsed.success) checkRules(parsed.data, report);
  else reportIssues(parsed.error, sized, '', report);
  reportImages(sized['containerDefinitions'], report);
  return parsed.success && !notes.some(isRefused) ? {value: parsed.data, notes} : {notes};
}

/** CreateService's input, or what `describe-services` prints of one service. Paths of notes begin with `service.`. */
export function normalizeService(input: unknown): Normalized<ServiceInput> {
  const notes: Note[] = [];
  const report: Report = (note) => notes.push(note);
  if (!isObject(input)) return refusedWhole('A service is a JSON object.', 'service');
  const plain = withoutReadOnly(clean(input, 'service', report), serviceReadOnly, 'service', report);
  const parsed = ServiceInput.safeParse(plain);
  if (!parsed.success) reportIssues(parsed.error, plain, 'service', report);
  return parsed.success && !notes.some(isRefused) ? {value: parsed.data, notes} : {notes};
}

/** RunTask's input. Paths of notes begin with `runTask.`. */
export function normalizeRunTask(input: unknown): Normalized<RunTaskInput> {
  const notes: Note[] = [];
  const report: Report = (note) => notes.push(note);
  if (!isObject(input)) return refusedWhole('The input of RunTask is a JSON object.', 'runTask');
  const plain = clean(input, 'runTask', report);
  const parsed = RunTaskInput.safeParse(plain);
  if (!parsed.success) reportIssues(parsed.error, plain, 'runTask', report);
  return parsed.success && !notes.some(isRefused) ? {value: parsed.data, notes} : {notes};
}

function refusedWhole(message: string, path = ''): Normalized<never> {
  return {notes: [{path, level: 'refused', reason: 'InvalidType', message}]};
}

function unwrap(input: Json, report: Report): Json {
  const {taskDefinition, tags, ...rest} = input;
  if (!isObject(taskDefinition) || 'containerDefinitions' in input) return input;
  for (const key of Object.keys(rest)) {
    report({
      path: at('', key),
      level: 'ignored',
      reason: 'UnknownField',
      message: 'It stands beside taskDefinition, and is no part of it.',
    });
  }
  return tags === undefined || tags === null || 'tags' in taskDefinition ? taskDefinition : {...taskDefinition, tags};
}

function clean(input: Json, path: string, report: Report): Json {
  return (tidy(input, '', path, 0, report) ?? {}) as Json;
}

/** Without what means «not set» to ECS: null, empty lists and objects, and empty strings except where they are values. */
function tidy(value: unknown, key: string, path: string, depth: number, report: Report): unknown {
  if (value === null || (value === '' && key !== 'value')) return undefined;
  if (typeof value !== 'object') return value;
  if (depth > deepest) {
    report({path, level: 'refused', reason: 'NestedTooDeep', message: `ECS has nothing that is nested ${deepest} levels deep.`});
    return undefined;
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return value.map((item: unknown, index) =>
      isContainer(item) ? (tidy(item, 'value', at(path, index), depth + 1, report) ?? item) : item,
    );
  }
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, tidy(inner, maps.has(key) ? 'value' : name, at(path, name), depth + 1, report)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function withoutReadOnly(input: Json, fields: ReadonlySet<string>, path: string, report: Report): Json {
  return Object.fromEntries(
    Object.entries(input).filter(([key]) => {
      if (!fields.has(key)) return true;
      report({
        path: at(path, key),
        level: 'ignored',
        reason: 'ReadOnlyFieldIgnored',
        message: 'ECS prints this field and does not take it.',
      });
      return false;
    }),
  );
}

function sizes(input: Json, report: Report): Json {
  const sized = (key: 'cpu' | 'memory', unitsOf: (text: string | number) => number | undefined, forms: string): Json => {
    const value = input[key];
    if (typeof value !== 'string' && typeof value !== 'number') return {};
    const units = unitsOf(value);
    if (units !== undefined) return {[key]: String(units)};
    const placeholder = typeof value === 'string' ? placeholderIn(value) : undefined;
    report({path: key, level: 'refused', ...(placeholder === undefined ? invalid(`must be ${forms}`) : unfilled(placeholder))});
    return {};
  };
  return {
    ...input,
    ...sized('cpu', cpuUnits, 'CPU units ("256") or vCPUs (".25 vCPU")'),
    ...sized('memory', memoryMebibytes, 'MiB ("512") or GB ("0.5 GB")'),
  };
}

function reportIssues(error: z.ZodError, input: unknown, root: string, report: Report): void {
  for (const {path: segments, message} of error.issues) {
    const path = at(root, ...(segments as Segment[]));
    const value = segments.reduce<unknown>((inner, segment) => (isContainer(inner) ? (inner as Json)[String(segment)] : undefined), input);
    const placeholder = typeof value === 'string' ? placeholderIn(value) : undefined;
    report({path, level: 'refused', ...(placeholder === undefined ? invalid(message) : unfilled(placeholder))});
  }
}

// Also where other fields are wrong: a person wants to hear of all placeholders at once.
function reportImages(containers: unknown, report: Report): void {
  for (const [index, container] of Array.isArray(containers) ? containers.entries() : []) {
    const image: unknown = isObject(container) ? container['image'] : undefined;
    if (typeof image !== 'string') continue;
    const path = at('containerDefinitions', index, 'image');
    const placeholder = placeholderIn(image);
    if (placeholder !== undefined) report({path, level: 'refused', ...unfilled(placeholder)});
    else if (/\s|[<>{}$`]/.test(image)) report({path, level: 'refused', ...invalid('is not the name of an image')});
  }
}

function invalid(message: string): Pick<Note, 'reason' | 'message'> {
  const plain = issueWords(message);
  return {reason: 'InvalidField', message: `${plain}${plain.endsWith('.') ? '' : '.'}`};
}

function unfilled(placeholder: string): Pick<Note, 'reason' | 'message'> {
  return {reason: 'Placeholder', message: `${placeholder} has not been filled in; put the value that your pipeline puts there.`};
}

function isObject(value: unknown): value is Json {
  return isContainer(value) && !Array.isArray(value);
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
