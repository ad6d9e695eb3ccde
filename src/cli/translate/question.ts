import type {Value} from '../yaml-values.ts';
import {type Answer, refused, unreadable} from './answer.ts';
import {familyIn, familyNamed} from './family.ts';
import {foreign} from './foreign.ts';
import {isJson, type Json} from './json.ts';
import {definitionOf, type Run, runOfSchedule, runOfService, runOfTask} from './run.ts';

/** What is to be translated. */
export interface Question {
  /** `file`, or `file:line` where it has several documents. */
  readonly where: string;
  readonly definition: unknown;
  /** Where the file says it. */
  readonly run?: Run;
  readonly name?: string;
  readonly namespace?: string;
}

export interface Questions {
  readonly questions: readonly Question[];
  /** What is refused before it can be asked. */
  readonly refused: readonly Answer[];
  /** Objects of other kinds: not for us. */
  readonly others: number;
}

type Sorted =
  | {readonly is: 'definition'; readonly question: Question}
  | {readonly is: 'run'; readonly where: string; readonly object: Json; readonly run: Run; readonly path: string}
  | {readonly is: 'refused'; readonly answer: Answer}
  | {readonly is: 'other'};

/** What the documents of some files ask for: definitions as they are, and ours with the objects that run them. */
export function questionsOf(values: readonly Value[]): Questions {
  const sorted = values.flatMap(items).map(sort);
  const definitions = sorted.flatMap((one) => (one.is === 'definition' ? [one.question] : []));
  const answers = sorted.flatMap((one) => (one.is === 'refused' ? [one.answer] : []));
  const used = new Set<Question>();
  const running: Question[] = [];
  for (const one of sorted) {
    if (one.is !== 'run') continue;
    const {where, object, run, path} = one;
    const named = definitionOf(run);
    const family = familyNamed(named);
    const definition = family === undefined ? undefined : definitions.find((each) => familyIn(each.definition) === family);
    const about = aboutOf(object);
    if (definition === undefined) {
      const notes = run.is === 'task' ? run.notes.filter(({level}) => level === 'refused') : [];
      answers.push({
        ...refused({where, path, reason: 'TaskDefinitionNotFound', message: missing(named)}),
        ...about,
        ...(notes.length > 0 && {notes}),
      });
    } else {
      used.add(definition);
      running.push({...about, where, definition: definition.definition, run});
    }
  }
  // A definition that an object runs needs no other one to be thought of.
  const alone = definitions.filter((each) => each.run !== undefined || !used.has(each));
  return {questions: [...alone, ...running], refused: answers, others: sorted.filter(({is}) => is === 'other').length};
}

function missing(taskDefinition: unknown): string {
  if (typeof taskDefinition !== 'string') return 'is missing; name the family that is to run.';
  return `No TaskDefinition of these files has the family of ${JSON.stringify(taskDefinition)}; name its file too.`;
}

function items({where, value}: Value): readonly Value[] {
  if (!isJson(value) || typeof value['kind'] !== 'string' || !value['kind'].endsWith('List')) return [{where, value}];
  const {items: list} = value;
  return Array.isArray(list) ? list.map((item: unknown, index) => ({where: `${where} items[${index}]`, value: item})) : [{where, value}];
}

function sort({where, value}: Value): Sorted {
  const unread = (message: string): Sorted => ({is: 'refused', answer: unreadable({where, message})});
  if (!isJson(value)) return unread(foreign(value) ?? 'is no object');
  const {apiVersion, kind, spec} = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    const message = foreign(value);
    return message === undefined ? {is: 'definition', question: {where, definition: value}} : unread(message);
  }
  if (!apiVersion.startsWith('ecs.drayage.dev/')) return {is: 'other'};
  const no = (path: string, reason: string, message: string): Sorted => ({
    is: 'refused',
    answer: {...refused({where, path, reason, message}), ...aboutOf(value)},
  });
  if (kind === 'Cluster') return no('kind', 'ClusterByItself', 'A Cluster is not translated by itself; give its file with --cluster.');
  if (!isJson(spec)) return no('spec', 'InvalidField', `is missing; write what the ${kind} is.`);
  switch (kind) {
    case 'TaskDefinition': {
      const {service, ...definition} = spec;
      const run = service !== undefined && service !== null && {run: runOfService(service)};
      return {is: 'definition', question: {...aboutOf(value), where, definition, ...run}};
    }
    case 'Service':
      return {is: 'run', where, object: value, run: runOfService(spec), path: 'service.taskDefinition'};
    case 'Task':
      return {is: 'run', where, object: value, run: runOfTask(spec), path: 'runTask.taskDefinition'};
    case 'ScheduledTask':
      return {is: 'run', where, object: value, run: runOfSchedule(spec), path: 'target'};
    default:
      return no('kind', 'UnknownKind', `A ${kind} is not known here; give a TaskDefinition, Service, Task or ScheduledTask.`);
  }
}

/** The name and the namespace of an object. */
export function aboutOf({metadata}: Json): {readonly name?: string; readonly namespace?: string} {
  if (!isJson(metadata)) return {};
  const {name, namespace} = metadata;
  return {...(typeof name === 'string' && {name}), ...(typeof namespace === 'string' && {namespace})};
}
