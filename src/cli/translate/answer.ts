import type {KubeObject} from '../../schema/object.ts';
import type {ClusterSettings} from '../../translate/cluster-settings.ts';
import {byPolicy} from '../../translate/strict.ts';
import {labelName} from '../../translate/names.ts';
import {isRefused, type Note} from '../../translate/note.ts';
import {translateTask} from '../../translate/translate-task.ts';
import {translate} from '../../translate/translate.ts';
import type {Fault} from '../yaml-values.ts';
import {isJson} from './json.ts';
import {needNotes, tagNotes} from './need-notes.ts';
import {familyIn, familyNamed} from './family.ts';
import type {Question} from './question.ts';
import {definitionOf, oneOfIt, type Run} from './run.ts';

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

/** A run, and the object in which it was found. */
export interface GivenRun {
  readonly run: Run;
  readonly name?: string;
  readonly namespace?: string;
}

export interface Given {
  readonly running?: GivenRun;
  readonly cluster?: ClusterSettings;
  readonly name?: string;
  readonly namespace?: string;
}

export function answerTo(question: Question, given: Given): Answer {
  const {where, definition} = question;
  const {running, cluster} = given;
  const run = running?.run ?? question.run ?? oneOfIt;
  const name = given.name ?? running?.name ?? question.name ?? nameOf(definition, run);
  const namespace = given.namespace ?? running?.namespace ?? question.namespace;
  // Without a family it is refused, whatever it would be called.
  const settings = {name: name ?? 'web', ...(namespace !== undefined && {namespace}), ...(cluster !== undefined && {cluster})};
  const {manifests, needs, ...translated} =
    run.is === 'service' ? translate(definition, run.service, settings) : translateTask(definition, run.runTask, settings);
  const notes = run.is === 'service' ? translated.notes : [...translated.notes, ...byPolicy(run.notes, cluster ?? {})];
  const shown = [...notes, ...otherFamily(definition, run)];
  const named = name !== undefined && {name};
  if (notes.some(isRefused)) return {where, ...named, manifests: [], notes: shown};
  const needed = run.is === 'service' ? tagNotes(definition) : run.needed;
  return {where, ...named, manifests, notes: [...shown, ...needNotes(needs), ...needed]};
}

/** What is refused before anything is made of it. */
export function refused({where, ...note}: {readonly where: string} & Omit<Note, 'level'>): Answer {
  return {where, manifests: [], notes: [{...note, level: 'refused'}]};
}

/** What could not be read stands among the answers, as something refused. */
export function unreadable({where, message}: Fault): Answer {
  return refused({where, path: '', reason: 'Unreadable', message: `The file ${message}.`});
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

function nameOf(definition: unknown, run: Run): string | undefined {
  const names = [run.is === 'service' && isJson(run.service) ? run.service['serviceName'] : undefined, familyIn(definition)];
  const name = names.find((one): one is string => typeof one === 'string' && one !== '');
  return name === undefined ? undefined : labelName(name);
}

function otherFamily(definition: unknown, run: Run): readonly ShownNote[] {
  const named = familyNamed(definitionOf(run));
  const family = familyIn(definition);
  if (named === undefined || family === undefined || named === family) return [];
  const message = `It names ${named}; what is translated is ${family}, the definition that was given.`;
  const path = `${run.is === 'service' ? 'service' : 'runTask'}.taskDefinition`;
  return [{path, level: 'ignored', reason: 'OtherTaskDefinition', message}];
}
