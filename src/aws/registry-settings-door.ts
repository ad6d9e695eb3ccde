import {
  DeleteRegistryPolicyCommand,
  DeleteSigningConfigurationCommand,
  DeregisterPullTimeUpdateExclusionCommand,
  DescribeRegistryCommand,
  type ECRClient,
  GetAccountSettingCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetSigningConfigurationCommand,
  ListPullTimeUpdateExclusionsCommand,
  PutAccountSettingCommand,
  PutRegistryPolicyCommand,
  PutRegistryScanningConfigurationCommand,
  PutReplicationConfigurationCommand,
  PutSigningConfigurationCommand,
  RegisterPullTimeUpdateExclusionCommand,
  type ReplicationRule as SdkReplicationRule,
  type RegistryScanningRule,
  type ScanType,
  type SigningRule as SdkSigningRule,
} from '@aws-sdk/client-ecr';
import {done} from './answer.ts';
import type {Caller} from './caller.ts';
import {absent} from './errors.ts';
import {everyPage} from './pages.ts';
import type {RegistrySettings, RepositoryFilter} from './registry-settings.ts';

export function createRegistrySettingsDoor({client, call}: {readonly client: ECRClient; readonly call: Caller}): RegistrySettings {
  return {
    registryPolicy: () =>
      call('GetRegistryPolicy', undefined, async () => {
        const output = await client.send(new GetRegistryPolicyCommand({})).catch(absent('RegistryPolicyNotFoundException'));
        return output?.policyText;
      }),

    putRegistryPolicy: (policyText) =>
      call('PutRegistryPolicy', undefined, async () => done(await client.send(new PutRegistryPolicyCommand({policyText})))),

    deleteRegistryPolicy: () =>
      call('DeleteRegistryPolicy', undefined, async () =>
        done(await client.send(new DeleteRegistryPolicyCommand({})).catch(absent('RegistryPolicyNotFoundException'))),
      ),

    replicationRules: () =>
      call('DescribeRegistry', undefined, async () => {
        const {replicationConfiguration} = await client.send(new DescribeRegistryCommand({}));
        return (replicationConfiguration?.rules ?? []).map(({destinations = [], repositoryFilters}) => ({
          destinations: destinations.map(({region = '', registryId = ''}) => ({region, registryId})),
          repositoryFilters: filtersOf(repositoryFilters),
        }));
      }),

    putReplicationRules: (rules) =>
      call('PutReplicationConfiguration', undefined, async () => {
        const replicationConfiguration = {
          rules: rules.map(({destinations, repositoryFilters}) => ({
            destinations: destinations.map((destination) => ({...destination})),
            ...(repositoryFilters.length > 0 && {repositoryFilters: copied(repositoryFilters)}),
          })) as SdkReplicationRule[],
        };
        return done(await client.send(new PutReplicationConfigurationCommand({replicationConfiguration})));
      }),

    scanning: () =>
      call('GetRegistryScanningConfiguration', undefined, async () => {
        const {scanningConfiguration} = await client.send(new GetRegistryScanningConfigurationCommand({}));
        const rules = (scanningConfiguration?.rules ?? []).map(({scanFrequency = '', repositoryFilters}) => ({
          scanFrequency,
          repositoryFilters: filtersOf(repositoryFilters),
        }));
        return {scanType: scanningConfiguration?.scanType ?? 'BASIC', rules};
      }),

    putScanning: (scanType, rules) =>
      call('PutRegistryScanningConfiguration', undefined, async () => {
        const sent = rules.map(({scanFrequency, repositoryFilters}) => ({scanFrequency, repositoryFilters: copied(repositoryFilters)}));
        const command = new PutRegistryScanningConfigurationCommand({
          scanType: scanType as ScanType,
          rules: sent as RegistryScanningRule[],
        });
        return done(await client.send(command));
      }),

    signingRules: () =>
      call('GetSigningConfiguration', undefined, async () => {
        const output = await client.send(new GetSigningConfigurationCommand({})).catch(absent('SigningConfigurationNotFoundException'));
        return (output?.signingConfiguration?.rules ?? []).map(({signingProfileArn = '', repositoryFilters}) => ({
          signingProfileArn,
          repositoryFilters: filtersOf(repositoryFilters),
        }));
      }),

    putSigningRules: (rules) =>
      rules.length === 0
        ? call('DeleteSigningConfiguration', undefined, async () =>
            done(await client.send(new DeleteSigningConfigurationCommand({})).catch(absent('SigningConfigurationNotFoundException'))),
          )
        : call('PutSigningConfiguration', undefined, async () => {
            const sent = rules.map(({signingProfileArn, repositoryFilters}) => ({
              signingProfileArn,
              ...(repositoryFilters.length > 0 && {repositoryFilters: copied(repositoryFilters)}),
            }));
            return done(await client.send(new PutSigningConfigurationCommand({signingConfiguration: {rules: sent as SdkSigningRule[]}})));
          }),

    pullTimeUpdateExclusions: () =>
      call('ListPullTimeUpdateExclusions', undefined, () =>
        everyPage(async (nextToken) => {
          const output = await client.send(new ListPullTimeUpdateExclusionsCommand({...nextToken}));
          return {items: output.pullTimeUpdateExclusions, nextToken: output.nextToken};
        }),
      ),

    registerPullTimeUpdateExclusion: (principalArn) =>
      call('RegisterPullTimeUpdateExclusion', principalArn, async () =>
        done(
          await client.send(new RegisterPullTimeUpdateExclusionCommand({principalArn})).catch(absent('ExclusionAlreadyExistsException')),
        ),
      ),

    deregisterPullTimeUpdateExclusion: (principalArn) =>
      call('DeregisterPullTimeUpdateExclusion', principalArn, async () =>
        done(await client.send(new DeregisterPullTimeUpdateExclusionCommand({principalArn})).catch(absent('ExclusionNotFoundException'))),
      ),

    accountSetting: (name) => call('GetAccountSetting', name, async () => (await client.send(new GetAccountSettingCommand({name}))).value),

    putAccountSetting: (name, value) =>
      call('PutAccountSetting', name, async () => done(await client.send(new PutAccountSettingCommand({name, value})))),
  };
}

function filtersOf(
  filters: readonly {readonly filter?: string | undefined; readonly filterType?: string | undefined}[] = [],
): readonly RepositoryFilter[] {
  return filters.map(({filter = '', filterType = ''}) => ({filter, filterType}));
}

function copied(filters: readonly RepositoryFilter[]): RepositoryFilter[] {
  return filters.map((filter) => ({...filter}));
}
