import {replicationBackfill} from '../../../src/kinds/replication-backfill/index.ts';
import {ReplicationBackfillSpec, type ReplicationBackfillStatus} from '../../../src/kinds/replication-backfill/schema.ts';
import type {Metadata, Resource} from '../../../src/schema/object.ts';
import {walkOnce} from '../../support/walk.ts';
import type {MemoryBackfills} from './memory-backfills.ts';

export type Backfill = Resource<ReplicationBackfillSpec>;

export const west = {region: 'eu-west-1'};

export function resourceOf(spec: object = {}, more: Partial<Metadata> = {}, status?: object): Backfill {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'ReplicationBackfill',
    metadata: {name: 'move', uid: 'u', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', ...more},
    spec: ReplicationBackfillSpec.parse({destination: west, ...spec}),
    ...(status && {status}),
  };
}

export const walk = (resource: Backfill, aws: MemoryBackfills, objects: readonly Backfill[] = []) =>
  walkOnce(replicationBackfill, resource, aws.doors(objects));

export function statusIn({status}: Backfill): ReplicationBackfillStatus {
  return status ?? {};
}

/** The object with something else in its spec or metadata. */
export function changed(resource: Backfill, spec: object, metadata: Partial<Metadata> = {}): Backfill {
  return {...resource, spec: {...resource.spec, ...spec}, metadata: {...resource.metadata, ...metadata}};
}

/** Two walks: announced, then started. */
export async function started(aws: MemoryBackfills, resource: Backfill = resourceOf(), objects: readonly Backfill[] = []) {
  const first = await walk(resource, aws, objects);
  return walk(first.resource, aws, objects);
}
