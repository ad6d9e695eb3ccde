import {existsSync, readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import type {ClusterSettings} from '../../src/translate/cluster-settings.ts';
import {translateTask} from '../../src/translate/translate-task.ts';
import {translate, type Translation} from '../../src/translate/translate.ts';

const root = path.resolve(import.meta.dirname, '../translate');

/** A folder of test/translate: what somebody has, and beside it what it becomes. */
export interface GoldenCase {
  readonly title: string;
  /** The path of one of its files. */
  readonly file: (name: string) => string;
  /** The JSON in one of its files; undefined where it has none of that name. */
  readonly read: (name: string) => unknown;
}

export const goldenCases: readonly GoldenCase[] = readdirSync(root, {withFileTypes: true})
  .filter((entry) => entry.isDirectory() && existsSync(path.join(root, entry.name, 'task-definition.json')))
  .map(({name}) => {
    const file = (inner: string): string => path.join(root, name, inner);
    const read = (inner: string): unknown =>
      existsSync(file(inner)) ? (JSON.parse(readFileSync(file(inner), 'utf8')) as unknown) : undefined;
    return {title: name.replaceAll('-', ' '), file, read};
  });

export function goldenCase(title: string): GoldenCase {
  const found = goldenCases.find((one) => one.title === title);
  if (found === undefined) throw new Error(`no golden translation «${title}»`);
  return found;
}

/** What its definition means under this name, in this namespace. */
export function translationOf({read}: GoldenCase, name: string, namespace: string): Translation {
  const cluster = read('cluster.json') as ClusterSettings | undefined;
  const settings = {name, namespace, revision: 7, ...(cluster === undefined ? {} : {cluster})};
  const task = read('task-definition.json');
  const runTask = read('run-task.json');
  return runTask === undefined ? translate(task, read('service.json') ?? {}, settings) : translateTask(task, runTask, settings);
}
