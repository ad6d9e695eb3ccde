import type {Resource} from '../../schema/object.ts';
import type {Plan} from '../kind.ts';
import type {Observed} from './observed.ts';
import type {ClusterSpec} from './schema.ts';

/** Services and their tasks change all the time, and none of it is worth a write at once. */
const countSeconds = 60;

/** Nothing is made for a Cluster: others read it. */
export function plan({metadata, spec}: Resource<ClusterSpec>, {elder, namespaces}: Observed): Plan {
  if (metadata.deletionTimestamp !== undefined) {
    return {steps: [], then: {is: 'settled', reason: 'Deleting', message: 'What runs in it stays.'}};
  }
  if (elder !== undefined) {
    const message = `The Cluster ${elder} answers to ${spec.clusterName ?? metadata.name} already; change clusterName of one.`;
    return {steps: [], then: {is: 'stalled', reason: 'ClusterNameTaken', message}};
  }
  const message = `It covers ${namespaces.length === 1 ? '1 namespace' : `${namespaces.length} namespaces`}.`;
  return {steps: [], then: {is: 'settled', reason: 'Active', message, seconds: countSeconds}};
}
