import {registries} from '../../schema/types.ts';
import type {Finding, Importer, ImportRequest} from './importer.ts';

export const registryImporter: Importer = {kind: registries.kind, things: 'registries', read};

/**
 * The Registry that the other objects refer to. None for `default`: it is there already, and where it is cannot be said of it
 * later.
 */
async function* read({location, registry}: ImportRequest): AsyncGenerator<Finding, void, undefined> {
  if (registry === 'default') return;
  const {region, accountId, role} = location;
  const spec = {
    region,
    accountId,
    ...(role && {roleArn: role.roleArn, ...(role.externalId !== undefined && {externalId: role.externalId})}),
  };
  yield {is: 'object', object: {apiVersion: registries.apiVersion, kind: registries.kind, metadata: {name: registry}, spec}, notes: []};
}
