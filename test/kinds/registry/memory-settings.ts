import type {RegistrySettings, ReplicationRule, ScanningRule, SigningRule} from '../../../src/aws/registry-settings.ts';
import type {Doors} from '../../../src/kinds/doors.ts';
import {Interruption} from '../../../src/kinds/outcome.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {fakeAws} from '../../support/fake-aws.ts';
import {cacheOf} from '../../support/walk.ts';

export const accountId = '123456789012';

/** A registry's settings in memory, with what was called. `denied`: calls that AWS refuses. */
export class MemorySettings {
  readonly calls: string[] = [];
  readonly denied = new Set<string>();
  policy: string | undefined;
  replication: readonly ReplicationRule[] = [];
  scan: {readonly scanType: string; readonly rules: readonly ScanningRule[]} = {scanType: 'BASIC', rules: []};
  signing: readonly SigningRule[] = [];
  readonly exclusions = new Set<string>();
  readonly account = new Map<string, string>([['BLOB_MOUNTING', 'DISABLED']]);
  now = Date.UTC(2026, 0, 1);

  take(): string[] {
    return this.calls.splice(0);
  }

  writes(): string[] {
    return this.take().filter((call) => !/^(Get|List|Describe)/.test(call));
  }

  doors(objects: readonly KubeObject[] = []): Doors {
    return {
      aws: fakeAws({
        identity: () => Promise.resolve({accountId, region: 'us-east-1', arn: `arn:aws:sts::${accountId}:assumed-role/drayage/pod`}),
        registrySettings: () => this.#door(),
      }),
      kube: undefined as never,
      cache: cacheOf(() => objects),
      clusterId: 'cluster',
      now: () => new Date(this.now),
    };
  }

  async #call<T>(name: string, run: () => T): Promise<T> {
    this.calls.push(name);
    if (this.denied.has(name)) throw new Interruption({is: 'stalled', reason: 'AccessDenied', message: `ecr:${name} is not allowed`});
    return run();
  }

  #change(name: string, run: () => void) {
    return this.#call(name, () => {
      run();
      return {value: undefined};
    });
  }

  #door(): RegistrySettings {
    return {
      registryPolicy: () => this.#call('GetRegistryPolicy', () => this.policy),
      putRegistryPolicy: (text) => this.#change('PutRegistryPolicy', () => (this.policy = text)),
      deleteRegistryPolicy: () => this.#change('DeleteRegistryPolicy', () => (this.policy = undefined)),
      replicationRules: () => this.#call('DescribeRegistry', () => this.replication),
      putReplicationRules: (rules) => this.#change('PutReplicationConfiguration', () => (this.replication = rules)),
      scanning: () => this.#call('GetRegistryScanningConfiguration', () => this.scan),
      putScanning: (scanType, rules) => this.#change('PutRegistryScanningConfiguration', () => (this.scan = {scanType, rules})),
      signingRules: () => this.#call('GetSigningConfiguration', () => this.signing),
      putSigningRules: (rules) => this.#change('PutSigningConfiguration', () => (this.signing = rules)),
      pullTimeUpdateExclusions: () => this.#call('ListPullTimeUpdateExclusions', () => [...this.exclusions]),
      registerPullTimeUpdateExclusion: (arn) => this.#change('RegisterPullTimeUpdateExclusion', () => this.exclusions.add(arn)),
      deregisterPullTimeUpdateExclusion: (arn) => this.#change('DeregisterPullTimeUpdateExclusion', () => this.exclusions.delete(arn)),
      accountSetting: (name) => this.#call('GetAccountSetting', () => this.account.get(name)),
      putAccountSetting: (name, value) => this.#change('PutAccountSetting', () => this.account.set(name, value)),
    };
  }
}
