import {managedBy, managedByLabel} from '../schema/labels.ts';
import type {Metadata} from '../schema/object.ts';
import type {Context} from './context.ts';
import {fingerprint} from './fingerprint.ts';
import {namespaceLabel, serviceLabel, taskLabel} from './labels.ts';
import {labelName, labelValue} from './names.ts';

type Strings = Readonly<Record<string, string>>;

/**
 * The name of an object beside the workload; it begins with the workload's. At most 63 characters. That of a task ends with a hash:
 * there may be a service of its name, and one must not take what the other has made.
 */
export function besideName({form, settings}: Context, ...parts: readonly string[]): string {
  const all = [settings.name, ...parts];
  return labelName([...all, ...(form === 'task' ? [fingerprint(['task', ...all].join('/'))] : [])].join('-'));
}

/** Metadata of an object in the workload's namespace. The labels are those by which it is found again. */
export function besideMetadata(name: string, context: Context, annotations: Strings = {}): Metadata {
  const {namespace} = context.settings;
  return {
    name,
    ...(namespace === undefined ? {} : {namespace}),
    labels: {[managedByLabel]: managedBy, ...podSelector(context)},
    ...(Object.keys(annotations).length === 0 ? {} : {annotations}),
  };
}

/**
 * Metadata of an object of the whole cluster. Workloads of different namespaces may have one name, and so may a service
 * and a task; so the name ends with a hash of the namespace, the workload and what is told apart by `distinct`. The namespace is a
 * label too.
 */
export function clusterWideMetadata(distinct: string, context: Context): Metadata {
  const {form, settings} = context;
  const {name, namespace = ''} = settings;
  const stem = labelName([namespace, name].filter((part) => part !== '').join('-'), 50);
  return {
    name: `${stem}-${fingerprint([...(form === 'task' ? ['task'] : []), namespace, name, distinct].join('/'))}`,
    labels: {
      [managedByLabel]: managedBy,
      ...podSelector(context),
      ...(namespace === '' ? {} : {[namespaceLabel]: namespace}),
    },
  };
}

/** What selects the workload's pods. */
export function podSelector({form, settings}: Context): Strings {
  return {[form === 'task' ? taskLabel : serviceLabel]: labelValue(settings.name)};
}
