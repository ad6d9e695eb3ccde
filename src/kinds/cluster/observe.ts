import type {KubeObject, Resource} from '../../schema/object.ts';
import {clusterNameIn, covers, named} from '../cluster-ref.ts';
import type {Doors} from '../doors.ts';
import {clusters, namespaces, services} from '../sources.ts';
import type {Observed} from './observed.ts';
import type {ClusterSpec} from './schema.ts';

/** From the synced copies only: no call is made. */
export async function observe(resource: Resource<ClusterSpec>, {cache}: Doors): Promise<Observed> {
  const {spec, metadata} = resource;
  const name = spec.clusterName ?? metadata.name;
  const elder = named(name, cache.list(clusters))?.metadata.name ?? metadata.name;
  const covered = cache
    .list(namespaces)
    .filter((one) => covers(spec, one.metadata.name, one.metadata.labels ?? {}))
    .map((one) => one.metadata.name)
    .toSorted();
  const isCovered = new Set(covered);
  const own = cache
    .list(services)
    .filter((service) => isCovered.has(service.metadata.namespace ?? '') && clusterNameIn(clusterField(service)) === name);
  return {
    ...(elder === metadata.name ? {} : {elder}),
    namespaces: covered,
    services: own.length,
    running: total(own, 'runningCount'),
    pending: total(own, 'pendingCount'),
  };
}

function clusterField({spec}: KubeObject): unknown {
  return (spec as {readonly cluster?: unknown} | undefined)?.cluster;
}

function total(objects: readonly KubeObject[], field: string): number {
  return objects.reduce((sum, {status}) => {
    const count = (status as Readonly<Record<string, unknown>> | undefined)?.[field];
    return typeof count === 'number' ? sum + count : sum;
  }, 0);
}
