import {isMap, LineCounter, parseAllDocuments} from 'yaml';
import type {KubeObject} from '../../schema/object.ts';

/** An object as a file has it. */
export interface Manifest {
  /** `file:line` of its document. */
  readonly where: string;
  readonly object: KubeObject;
}

/** What could not be read. */
export interface Fault {
  readonly where: string;
  readonly message: string;
}

export interface Documents {
  readonly manifests: readonly Manifest[];
  readonly faults: readonly Fault[];
}

/** The objects in the text of a file: several documents, and lists. YAML 1.1, as kubectl reads it. */
export function readDocuments(file: string, text: string): Documents {
  const lineCounter = new LineCounter();
  const manifests: Manifest[] = [];
  const faults: Fault[] = [];
  const place = (offset: number) => `${file}:${lineCounter.linePos(offset).line}`;
  const documents = parseAllDocuments(text, {version: '1.1', lineCounter, prettyErrors: false, customTags: withoutTimestamps});
  for (const document of 'empty' in documents ? [] : documents) {
    const {contents, errors} = document;
    const where = place(contents?.range?.[0] ?? document.range[0]);
    for (const error of errors) faults.push({where: place(error.pos[0]), message: error.message});
    if (errors.length > 0 || contents === null) continue;
    try {
      const value: unknown = document.toJS({maxAliasCount: 1000});
      if (value === null) continue;
      if (!isMap(contents)) faults.push({where, message: 'is no object'});
      else collect(value as Json, where, {manifests, faults});
    } catch (error) {
      faults.push({where, message: (error as Error).message});
    }
  }
  return {manifests, faults};
}

type Json = Readonly<Record<string, unknown>>;

function collect(value: Json, where: string, into: {readonly manifests: Manifest[]; readonly faults: Fault[]}): void {
  const {apiVersion, kind, items, metadata} = value;
  const fault = (message: string) => void into.faults.push({where, message});
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return fault('apiVersion or kind is missing');
  if (kind.endsWith('List') && Array.isArray(items)) {
    for (const [index, item] of (items as readonly unknown[]).entries()) {
      if (isJson(item)) collect(item, `${where} items[${index}]`, into);
      else into.faults.push({where: `${where} items[${index}]`, message: 'is no object'});
    }
    return;
  }
  if (!isJson(metadata) || typeof metadata['name'] !== 'string' || metadata['name'] === '')
    return fault(`metadata.name of this ${kind} is missing`);
  if (metadata['namespace'] !== undefined && typeof metadata['namespace'] !== 'string') return fault('metadata.namespace must be a string');
  into.manifests.push({where, object: value as KubeObject});
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go's readers leave a date as the text that it is. */
function withoutTimestamps<T>(tags: readonly T[]): T[] {
  return tags.filter((tag) => (tag as {tag?: string}).tag !== 'tag:yaml.org,2002:timestamp');
}
