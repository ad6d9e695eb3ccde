import {publicRepository} from '../../../src/kinds/public-repository/index.ts';
import {PublicRepositorySpec, type PublicRepositoryStatus} from '../../../src/kinds/public-repository/schema.ts';
import type {KubeObject, Metadata, Resource} from '../../../src/schema/object.ts';
import {walkOnce} from '../../support/walk.ts';
import {clusterId, type MemoryEcrPublic} from './memory-public.ts';

export type Spec = PublicRepositorySpec;

export const owner = `${clusterId}/team/app`;

/** An object as the API server gives it, with the defaults of its spec filled in. */
export function resourceOf(spec: object = {}, more: Partial<Metadata> = {}, status?: object): Resource<Spec> {
  return {
    apiVersion: 'ecr.drayage.dev/v1alpha1',
    kind: 'PublicRepository',
    metadata: {name: 'app', namespace: 'team', uid: 'uid-1', generation: 1, ...more},
    spec: PublicRepositorySpec.parse(spec),
    ...(status && {status}),
  };
}

export function keep(resource: Resource<Spec>, ecr: MemoryEcrPublic, objects: readonly KubeObject[] = []) {
  return walkOnce(publicRepository, resource, ecr.doors(objects));
}

/** The same object with another spec, one generation later. */
export function edited(resource: Resource<Spec>, spec: object): Resource<Spec> {
  return resourceOf(spec, {...resource.metadata, generation: (resource.metadata.generation ?? 0) + 1}, statusIn(resource));
}

export function statusIn(resource: Resource<Spec>): PublicRepositoryStatus {
  return resource.status ?? {};
}
