import {managedBy, managedByLabel} from '../schema/labels.ts';
import type {Metadata} from '../schema/object.ts';
import type {Settings} from './context.ts';
import {canonical, fingerprint} from './fingerprint.ts';
import {serviceLabel} from './labels.ts';
import {labelValue} from './names.ts';

/** Names of objects may have 253 characters. */
const longestStem = 200;

/** The name of an object beside the workload: other contents, another name, so that what still runs keeps what it has. */
export function addedName({name}: Settings, what: string, contents: unknown): string {
  const stem = name.slice(0, longestStem).replace(/[-.]+$/, '');
  return `${stem}-${what}-${fingerprint(canonical(contents))}`;
}

/** Metadata of an object beside the workload. */
export function addedMetadata(name: string, {name: workload, namespace}: Settings): Metadata {
  return {
    name,
    ...(namespace === undefined ? {} : {namespace}),
    labels: {[managedByLabel]: managedBy, [serviceLabel]: labelValue(workload)},
  };
}
