import {managedSelector} from '../../schema/labels.ts';
import type {KubeObject} from '../../schema/object.ts';
import {pods} from '../../schema/types.ts';
import {serviceLabel} from '../../translate/deployment.ts';
import {labelValue} from '../../translate/names.ts';
import type {Source} from '../kind.ts';
import {withEndings} from './ended-tasks.ts';

/** The pods of all services, as the little that tells whether their tasks have ended. */
export const managedTasks: Source = {
  name: 'managed pods',
  type: pods,
  labelSelector: `${managedSelector},${serviceLabel}`,
  project: withEndings,
};

export function isTaskOf(pod: KubeObject, service: KubeObject): boolean {
  const {name, namespace} = service.metadata;
  return pod.metadata.namespace === namespace && pod.metadata.labels?.[serviceLabel] === labelValue(name);
}
