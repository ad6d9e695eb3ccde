import type {KubeObject} from '../../schema/object.ts';
import {type Fault, yamlValues} from '../yaml-values.ts';

/** An object as a file has it. */
export interface Manifest {
  /** `file:line` of its document. */
  readonly where: string;
  readonly object: KubeObject;
}

export interface Documents {
  readonly manifests: readonly Manifest[];
  readonly faults: readonly Fault[];
}

/** The objects in the text of a file: several documents, and lists. */
export function readDocuments(file: string, text: string): Documents {
  const read = yamlValues(file, text);
  const manifests: Manifest[] = [];
  const faults: Fault[] = [...read.faults];
  for (const {where, value} of read.values) {
    if (isJson(value)) collect(value, where, {manifests, faults});
    else faults.push({where, message: 'is no object'});
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
