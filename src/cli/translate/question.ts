import {isJson, type Json} from './json.ts';
import type {Fault, Value} from '../yaml-values.ts';
import {familyIn, familyNamed} from './family.ts';
import {foreign} from './foreign.ts';

/** What is to be translated. */
export interface Question {
  /** `file`, or `file:line` where it has several documents. */
  readonly where: string;
  readonly definition: unknown;
  /** Where the file says it. */
  readonly service?: unknown;
  readonly name?: string;
  readonly namespace?: string;
}

export interface Questions {
  readonly questions: readonly Question[];
  readonly faults: readonly Fault[];
  /** Objects of other kinds: not for us. */
  readonly others: number;
}

type Sorted =
  | {readonly is: 'definition'; readonly question: Question}
  | {readonly is: 'service'; readonly where: string; readonly object: Json}
  | {readonly is: 'fault'; readonly fault: Fault}
  | {readonly is: 'other'};

/** What the documents of some files ask for: definitions as they are, and ours with the Services that name them. */
export function questionsOf(values: readonly Value[]): Questions {
  const sorted = values.flatMap(items).map(sort);
  const definitions = sorted.flatMap((one) => (one.is === 'definition' ? [one.question] : []));
  const faults = sorted.flatMap((one) => (one.is === 'fault' ? [one.fault] : []));
  const used = new Set<Question>();
  const serving: Question[] = [];
  for (const one of sorted) {
    if (one.is !== 'service') continue;
    const spec = isJson(one.object['spec']) ? one.object['spec'] : {};
    const family = familyNamed(spec['taskDefinition']);
    const definition = family === undefined ? undefined : definitions.find((each) => familyIn(each.definition) === family);
    if (definition === undefined) faults.push({where: one.where, message: missing(spec['taskDefinition'])});
    else {
      used.add(definition);
      serving.push({...about(one.object), where: one.where, definition: definition.definition, service: withCount(spec)});
    }
  }
  // A definition that a Service runs needs no other one to be thought of.
  const alone = definitions.filter((each) => each.service !== undefined || !used.has(each));
  return {questions: [...alone, ...serving], faults, others: sorted.filter(({is}) => is === 'other').length};
}

function missing(taskDefinition: unknown): string {
  if (typeof taskDefinition !== 'string') return 'spec.taskDefinition is missing';
  return `spec.taskDefinition: no TaskDefinition of these files has the family of ${JSON.stringify(taskDefinition)}; name its file too`;
}

function items({where, value}: Value): readonly Value[] {
  if (!isJson(value) || typeof value['kind'] !== 'string' || !value['kind'].endsWith('List')) return [{where, value}];
  const {items: list} = value;
  return Array.isArray(list) ? list.map((item: unknown, index) => ({where: `${where} items[${index}]`, value: item})) : [{where, value}];
}

function sort({where, value}: Value): Sorted {
  if (!isJson(value)) return {is: 'fault', fault: {where, message: foreign(value) ?? 'is no object'}};
  const {apiVersion, kind, spec} = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    const message = foreign(value);
    return message === undefined ? {is: 'definition', question: {where, definition: value}} : {is: 'fault', fault: {where, message}};
  }
  if (!apiVersion.startsWith('ecs.drayage.dev/')) return {is: 'other'};
  if (kind !== 'TaskDefinition' && kind !== 'Service') {
    const hint = kind === 'Cluster' ? 'give its file with --cluster' : 'only TaskDefinition and Service are';
    return {is: 'fault', fault: {where, message: `a ${kind} is not translated here; ${hint}`}};
  }
  if (!isJson(spec)) return {is: 'fault', fault: {where, message: `spec of this ${kind} is missing`}};
  if (kind === 'Service') return {is: 'service', where, object: value};
  const {service, ...definition} = spec;
  return {
    is: 'definition',
    question: {...about(value), where, definition, ...(service !== undefined && service !== null && {service: withCount(service)})},
  };
}

function about({metadata}: Json): {readonly name?: string; readonly namespace?: string} {
  if (!isJson(metadata)) return {};
  const {name, namespace} = metadata;
  return {...(typeof name === 'string' && {name}), ...(typeof namespace === 'string' && {namespace})};
}

/** Service has this default in its schema. */
function withCount(service: unknown): unknown {
  return !isJson(service) || service['schedulingStrategy'] === 'DAEMON' ? service : {desiredCount: 1, ...service};
}
