import {registryHosts, type RegistryHosts} from '../../schema/registry-hosts.ts';
import type {Resource} from '../../schema/object.ts';
import type {Doors} from '../doors.ts';
import {roleOf} from '../registry-ref.ts';
import type {RegistrySpec} from './schema.ts';

/** Who the operator is, and what the registry is called. */
export interface Observed {
  readonly accountId: string;
  readonly identityArn: string;
  readonly region: string;
  readonly hosts: RegistryHosts;
}

export async function observe({spec}: Resource<RegistrySpec>, {aws}: Doors): Promise<Observed> {
  const {accountId, arn, region: own} = await aws.identity(roleOf(spec));
  const region = spec.region ?? own;
  return {accountId, identityArn: arn, region, hosts: registryHosts(accountId, region)};
}
