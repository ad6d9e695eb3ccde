import {managedBy, managedByLabel} from '../schema/labels.ts';
import type {Metadata} from '../schema/object.ts';
import type {Context} from './context.ts';
import {fingerprint} from './fingerprint.ts';
import {namespaceLabel, serviceLabel} from './labels.ts';
import {labelName, labelValue} from './names.ts';

type Strings = Readonly<Record<string, string>>;

/** The name of an object beside the workload; it begins with the workload's. At most 63 characters. */
export function besideName({settings}: Context, ...parts: readonly string[]): string {
  return labelName([settings.name, ...parts].join('-'));
}

/** Metadata of an object in the workload's namespace. The labels are those by which it is found again. */
export function besideMetadata(name: string, {settings}: Context, annotations: Strings = {}): Metadata {
  return {
    name,
    ...(settings.namespace === undefined ? {} : {namespace: settings.namespace}),
    labels: {[managedByLabel]: managedBy, [serviceLabel]: labelValue(settings.name)},
    ...(Object.keys(annotations).length === 0 ? {} : {annotations}),
  };
}

/**
 * Metadata of an object of the whole cluster. Workloads of different namespaces may have one name, so the name ends with a
 * hash of the namespace, the workload and what is told apart by `distinct`; the namespace is a label too.
 */
export function clusterWideMetadata(distinct: string, {settings}: Context): Metadata {
  const {name, namespace = ''} = settings;
  const stem = labelName([namespace, name].filter((part) => part !== '').join('-'), 50);
  return {
    name: `${stem}-${fingerprint([namespace, name, distinct].join('/'))}`,
    labels: {
      [managedByLabel]: managedBy,
      [serviceLabel]: labelValue(name),
      ...(namespace === '' ? {} : {[namespaceLabel]: namespace}),
    },
  };
}

/** What selects the workload's pods. */
export function podSelector({form, settings}: Context): Strings {
  // Kubernetes labels the pods of a Job with its name.
  return form === 'task' ? {'batch.kubernetes.io/job-name': settings.name} : {[serviceLabel]: labelValue(settings.name)};
}
