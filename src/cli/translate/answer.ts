import type {KubeObject} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {labelName} from '../../translate/names.ts';
import type {Note} from '../../translate/note.ts';
import {translate} from '../../translate/translate.ts';
import type {Fault} from '../yaml-values.ts';
import {isJson, type Json} from './json.ts';
import {needNotes} from './need-notes.ts';
import {familyIn, familyNamed} from './family.ts';
import type {Question} from './question.ts';

/** A note, or what the operator would fetch from AWS (`needed`). */
export type ShownNote = Omit<Note, 'level'> & {readonly level: Note['level'] | 'needed'};

/** What became of one definition. Without manifests where a note is `refused`. */
export interface Answer {
  /** `file`, or `file:line` where it has several documents. */
  readonly where: string;
  /** Of the workload; undefined where nothing could be read. */
  readonly name?: string;
  readonly manifests: readonly KubeObject[];
  readonly notes: readonly ShownNote[];
}

export interface Given {
  readonly service?: Json;
  readonly cluster?: ClusterSettings;
  readonly name?: string;
  readonly namespace?: string;
}

export function answerTo(question: Question, given: Given): Answer {
  const {where, definition} = question;
  const service = given.service ?? question.service ?? {desiredCount: 1};
  const name = given.name ?? question.name ?? nameOf(definition, service);
  const namespace = given.namespace ?? question.namespace;
  const {cluster} = given;
  // Without a family it is refused, whatever it would be called.
  const settings = {name: name ?? 'web', ...(namespace !== undefined && {namespace}), ...(cluster !== undefined && {cluster})};
  const {manifests, notes, needs} = translate(definition, service, settings);
  return {where, ...(name !== undefined && {name}), manifests, notes: [...notes, ...otherFamily(definition, service), ...needNotes(needs)]};
}

/** What could not be read stands among the answers, as something refused. */
export function unreadable({where, message}: Fault): Answer {
  return {where, manifests: [], notes: [{path: '', level: 'refused', reason: 'Unreadable', message: `The file ${message}.`}]};
}

/** Two objects of one name would be one in the cluster: the later ones are refused. */
export function withoutDoubles(answers: readonly Answer[]): readonly Answer[] {
  const seen = new Map<string, string>();
  return answers.map((answer) => {
    const keys = answer.manifests.map(
      ({apiVersion, kind, metadata}) => `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
    );
    const before = keys.map((key) => seen.get(key)).find((where) => where !== undefined);
    if (before === undefined) {
      for (const key of keys) seen.set(key, answer.where);
      return answer;
    }
    const message = `${before} becomes ${answer.name} too; translate it in a call of its own, with --name or --namespace.`;
    return {...answer, manifests: [], notes: [...answer.notes, {path: 'family', level: 'refused', reason: 'NameTaken', message}]};
  });
}

function nameOf(definition: unknown, service: unknown): string | undefined {
  const names = [isJson(service) ? service['serviceName'] : undefined, familyIn(definition)];
  const name = names.find((one): one is string => typeof one === 'string' && one !== '');
  return name === undefined ? undefined : labelName(name);
}

function otherFamily(definition: unknown, service: unknown): readonly ShownNote[] {
  const named = isJson(service) ? familyNamed(service['taskDefinition']) : undefined;
  const family = familyIn(definition);
  if (named === undefined || family === undefined || named === family) return [];
  const message = `It names ${named}; what is translated is ${family}, the definition that was given.`;
  return [{path: 'service.taskDefinition', level: 'ignored', reason: 'OtherTaskDefinition', message}];
}
