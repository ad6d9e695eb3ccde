import {readableDocument} from './document-text.ts';
import {isSamePolicy} from '../../documents/iam-policy.ts';
import {RegistrySpec} from '../../kinds/ecr-registry/schema.ts';
import {outcomeOf} from '../../kinds/outcome.ts';
import {registries} from '../../schema/types.ts';
import {inWords} from '../aws.ts';
import {patiently} from '../patiently.ts';
import {isEverything} from './filter.ts';
import type {Finding, Importer, ImportRequest} from './importer.ts';

export const registryImporter: Importer = {kind: registries.kind, things: 'registries', read};

/**
 * The Registry that the other objects refer to, with its settings. `default` is there already, and where it is cannot be said of
 * it later; so it is written only for settings. Where repositories are named, settings are no part of it.
 */
async function* read(request: ImportRequest): AsyncGenerator<Finding, void, undefined> {
  const {location, registry, filter} = request;
  const {region, accountId, role} = location;
  const place = {
    region,
    accountId,
    ...(role && {roleArn: role.roleArn, ...(role.externalId !== undefined && {externalId: role.externalId})}),
  };
  const {settings, refused} = isEverything(filter) ? await settingsOf(request) : {settings: {}, refused: []};
  yield* refused;
  if (registry === 'default' && Object.keys(settings).length === 0) return;
  const spec = {...(registry !== 'default' && place), ...settings};
  const parsed = RegistrySpec.safeParse(spec);
  if (!parsed.success) {
    const why = parsed.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`).join('; ');
    yield {is: 'failed', what: `Registry ${registry}`, why: `the kind cannot say how it is set up: ${why}`};
    return;
  }
  yield {is: 'object', object: {apiVersion: registries.apiVersion, kind: registries.kind, metadata: {name: registry}, spec}, notes: []};
}

/** What is as AWS has it anyway is left out. A setting that may not be read is named, and left out too. */
async function settingsOf({aws, location, signal}: ImportRequest) {
  const door = aws.registrySettings(location);
  const refused: Finding[] = [];
  const asked = async <T>(what: string, run: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await patiently(run, signal);
    } catch (error) {
      signal.throwIfAborted();
      refused.push({is: 'failed', what, why: inWords(outcomeOf(error))});
      return undefined;
    }
  };
  const [policy, replication = [], scanning, signing = [], exclusions = []] = await Promise.all([
    asked('registryPolicy', () => door.registryPolicy()),
    asked('replicationConfiguration', () => door.replicationRules()),
    asked('registryScanningConfiguration', () => door.scanning()),
    asked('signingConfiguration', () => door.signingRules()),
    asked('pullTimeUpdateExclusions', () => door.pullTimeUpdateExclusions()),
  ]);
  const policyText = policy && readableDocument(policy, {most: 10_240, isSame: isSamePolicy});
  const isScanning = scanning !== undefined && (scanning.scanType !== 'BASIC' || scanning.rules.length > 0);
  const settings = {
    ...(policyText && {registryPolicy: {policyText}}),
    ...(replication.length > 0 && {replicationConfiguration: {rules: replication.map(withoutNoFilters)}}),
    ...(isScanning && {registryScanningConfiguration: scanning}),
    ...(signing.length > 0 && {signingConfiguration: {rules: signing.map(withoutNoFilters)}}),
    ...(exclusions.length > 0 && {pullTimeUpdateExclusions: exclusions.toSorted()}),
  };
  const isAny = Object.keys(settings).length > 0;
  // Statements without a Sid cannot be merged, and the whole is known here.
  return {settings: isAny ? {...settings, settingsOwnership: 'Exclusive', settingsDeletionPolicy: 'Retain'} : {}, refused};
}

function withoutNoFilters(rule: {readonly repositoryFilters: readonly unknown[]}): object {
  const {repositoryFilters, ...rest} = rule;
  return repositoryFilters.length > 0 ? rule : rest;
}
