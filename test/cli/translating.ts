import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {parseAllDocuments} from 'yaml';
import type {KubeObject} from '../../src/schema/object.ts';
import {temporaryFolder} from '../support/temp-folder.ts';
import {drayage} from './program.ts';

export const plain = {family: 'web', memory: '512', containerDefinitions: [{name: 'web', image: 'nginx:1'}]};
export const api = 'ecs.drayage.dev/v1alpha1';

/** A folder of files, and the path of each. */
export function folder(t: ExecutionContext, files: Readonly<Record<string, unknown>>): (name: string) => string {
  const {folder: root} = temporaryFolder(t);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(root, name), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
  return (name) => join(root, name);
}

export async function translate(input: unknown, ...flags: readonly string[]) {
  return drayage(['translate', '-', ...flags], {input: typeof input === 'string' ? input : JSON.stringify(input)});
}

export function objects(out: string): readonly KubeObject[] {
  const documents = parseAllDocuments(out, {version: '1.1'});
  return ('empty' in documents ? [] : documents).map((document) => document.toJS() as KubeObject);
}

export interface Told {
  readonly manifests: readonly KubeObject[];
  readonly notes: readonly {readonly file?: string; readonly path: string; readonly level: string; readonly reason: string}[];
  readonly files?: readonly {readonly file: string; readonly isTranslated: boolean; readonly manifests: readonly string[]}[];
}

export async function told(input: unknown, ...flags: readonly string[]): Promise<Told & {readonly code: number}> {
  const {out, code} = await translate(input, '-o', 'json', ...flags);
  return {...(JSON.parse(out) as Told), code};
}
