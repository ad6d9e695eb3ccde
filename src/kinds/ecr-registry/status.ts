import type {Resource} from '../../schema/object.ts';
import type {Report} from '../kind.ts';
import type {Observed} from './observe.ts';
import type {RegistrySpec, RegistryStatus} from './schema.ts';

/** Where the identity could not be asked for, what was known stays. */
export function status(resource: Resource<RegistrySpec>, observed: Observed | undefined): Report {
  return {fields: observed ? fieldsOf(observed) : kept(resource.status), conditions: []};
}

function fieldsOf({accountId, region, identityArn, hosts}: Observed): RegistryStatus {
  return {accountId, region, identityArn, registryUri: hosts.ipv4, registryUris: {...hosts}};
}

function kept(previous: unknown): RegistryStatus {
  const {accountId, region, identityArn, registryUri, registryUris} = (previous ?? {}) as RegistryStatus;
  return {
    ...(accountId !== undefined && {accountId}),
    ...(region !== undefined && {region}),
    ...(identityArn !== undefined && {identityArn}),
    ...(registryUri !== undefined && {registryUri}),
    ...(registryUris !== undefined && {registryUris}),
  };
}
