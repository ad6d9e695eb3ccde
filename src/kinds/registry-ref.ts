import * as z from 'zod';
import type {AssumedRole, RegistryLocation} from '../aws/aws.ts';
import {immutable} from '../schema/rules.ts';
import {matches} from '../schema/selector.ts';
import {type RegistryHosts, registryHosts} from '../schema/registry-hosts.ts';
import type {Doors} from './doors.ts';
import type {Outcome} from './outcome.ts';
import {namespaces, registries} from './sources.ts';

/** Which Registry an object is about; for every kind that lives in one. */
export function registryRef() {
  return immutable(
    z.object({
      name: z
        .string()
        .min(1)
        .max(253)
        .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
        .default('default')
        .describe('The name of a Registry.'),
    }),
  ).prefault({});
}

/** The members of a Registry's spec that say where it is and who may use it. */
export interface RegistryTerms {
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly sessionTags?: Readonly<Record<string, string>> | undefined;
  readonly allowedNamespaces?: Parameters<typeof matches>[0] | undefined;
  readonly adoptionNamespaces?: Parameters<typeof matches>[0] | undefined;
}

/** Where an object is to be. */
export type Place =
  | {
      readonly is: 'ready';
      readonly location: RegistryLocation;
      readonly accountId: string;
      readonly region: string;
      readonly hosts: RegistryHosts;
      /** Whether objects of the namespace may take over what exists. */
      readonly mayAdopt: boolean;
    }
  | {readonly is: 'missing'}
  | {readonly is: 'notAllowed'}
  | {readonly is: 'otherAccount'; readonly accountId: string; readonly expected: string};

export type ReadyPlace = Extract<Place, {is: 'ready'}>;

/** The spec of a Registry, from the synced copy. `default` is there even before the operator has written it. */
export function findRegistry(name: string, {cache}: Pick<Doors, 'cache'>): RegistryTerms | undefined {
  const object = cache.get(registries, name);
  if (object === undefined) return name === 'default' ? {} : undefined;
  return object['spec'] ?? {};
}

/** The role that a Registry is used in, if it names one. */
export function roleOf({roleArn, externalId, sessionTags}: RegistryTerms): AssumedRole | undefined {
  if (roleArn === undefined) return undefined;
  return {roleArn, ...(externalId !== undefined && {externalId}), ...(sessionTags !== undefined && {sessionTags})};
}

/** Looks up the Registry `name` for an object of `namespace` (left out: of none), and who the operator is in it. */
export async function placeOf(name: string, namespace: string | undefined, doors: Pick<Doors, 'aws' | 'cache'>): Promise<Place> {
  const registry = findRegistry(name, doors);
  if (registry === undefined) return {is: 'missing'};
  if (!isAllowed(registry, namespace, doors)) return {is: 'notAllowed'};
  const role = roleOf(registry);
  const identity = await doors.aws.identity(role);
  const {accountId = identity.accountId, region = identity.region} = registry;
  if (accountId !== identity.accountId) return {is: 'otherAccount', accountId: identity.accountId, expected: accountId};
  return {
    is: 'ready',
    location: {region, accountId, ...(role && {role})},
    accountId,
    region,
    hosts: registryHosts(accountId, region),
    mayAdopt: isAmong(registry.adoptionNamespaces, namespace, doors),
  };
}

/** Whether objects of the namespace may use the Registry (left out: what is of no namespace may). */
export function isAllowed({allowedNamespaces}: RegistryTerms, namespace: string | undefined, doors: Pick<Doors, 'cache'>): boolean {
  return isAmong(allowedNamespaces, namespace, doors);
}

function isAmong(selector: RegistryTerms['allowedNamespaces'], namespace: string | undefined, {cache}: Pick<Doors, 'cache'>): boolean {
  return namespace === undefined || selector === undefined || matches(selector, cache.get(namespaces, namespace)?.metadata.labels ?? {});
}

/** Why something that exists is not taken over, although the object says so. */
export function adoptionNotAllowed(name: string, namespace: string | undefined): Outcome {
  const message = `the Registry ${name} does not let the namespace ${namespace ?? ''} take over what exists (spec.adoptionNamespaces)`;
  return {is: 'stalled', reason: 'AdoptionNotAllowed', message};
}

/** Why there is no registry to work in. */
export function unplaced(name: string, namespace: string | undefined, place: Exclude<Place, ReadyPlace>): Outcome {
  switch (place.is) {
    case 'notAllowed': {
      const message = `the Registry ${name} does not allow the namespace ${namespace ?? ''} (spec.allowedNamespaces)`;
      return {is: 'stalled', reason: 'NamespaceNotAllowed', message};
    }
    case 'otherAccount': {
      const message = `the Registry ${name} names the account ${place.expected}, but the operator is in ${place.accountId}`;
      return {is: 'stalled', reason: 'AccountMismatch', message};
    }
    case 'missing':
      return {is: 'stalled', reason: 'RegistryNotFound', message: `there is no Registry ${name}`};
  }
  return place satisfies never;
}
