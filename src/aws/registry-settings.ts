import type {Answer} from './ecr.ts';

export interface ReplicationRule {
  readonly destinations: readonly {readonly region: string; readonly registryId: string}[];
  readonly repositoryFilters: readonly RepositoryFilter[];
}

export interface ScanningRule {
  readonly scanFrequency: string;
  readonly repositoryFilters: readonly RepositoryFilter[];
}

export interface SigningRule {
  readonly signingProfileArn: string;
  readonly repositoryFilters: readonly RepositoryFilter[];
}

export interface RepositoryFilter {
  readonly filter: string;
  readonly filterType: string;
}

/**
 * The settings of a registry: one of each for an account and region. None of these calls takes a registry: they are about the
 * caller's own account. Each Put replaces the whole of its setting.
 */
export interface RegistrySettings {
  registryPolicy(): Promise<string | undefined>;
  putRegistryPolicy(policyText: string): Promise<Answer<void>>;
  deleteRegistryPolicy(): Promise<Answer<void>>;
  replicationRules(): Promise<readonly ReplicationRule[]>;
  putReplicationRules(rules: readonly ReplicationRule[]): Promise<Answer<void>>;
  scanning(): Promise<{readonly scanType: string; readonly rules: readonly ScanningRule[]}>;
  putScanning(scanType: string, rules: readonly ScanningRule[]): Promise<Answer<void>>;
  signingRules(): Promise<readonly SigningRule[]>;
  /** No rules: the configuration is deleted. */
  putSigningRules(rules: readonly SigningRule[]): Promise<Answer<void>>;
  pullTimeUpdateExclusions(): Promise<readonly string[]>;
  /** One that is there is fine. */
  registerPullTimeUpdateExclusion(principalArn: string): Promise<Answer<void>>;
  /** One that is gone is fine. */
  deregisterPullTimeUpdateExclusion(principalArn: string): Promise<Answer<void>>;
  accountSetting(name: string): Promise<string | undefined>;
  putAccountSetting(name: string, value: string): Promise<Answer<void>>;
}
