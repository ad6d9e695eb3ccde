import type {Answer} from '../../aws/ecr.ts';
import type {RegistrySettings, ReplicationRule, ScanningRule, SigningRule} from '../../aws/registry-settings.ts';
import type {Doors} from '../doors.ts';
import type {Applied} from '../kind.ts';
import {Interruption, outcomeOf} from '../outcome.ts';
import {scanTypeKey} from './entries.ts';
import type {Observed} from './observed.ts';
import type {Entries, Reading} from './setting.ts';
import type {SettingStep} from './step.ts';

/** Makes one call. A setting that is refused must not keep the others from being set: its failure is part of what is known. */
export async function apply(step: SettingStep, {aws}: Doors): Promise<Applied<Observed>> {
  try {
    const {requestId} = await call(step, aws.registrySettings(step.location));
    const advance = (observed: Observed): Observed => ({
      ...withReading(observed, step, (entries) => ({is: 'read', entries: changed(entries, step)})),
      changed: [...new Set([...observed.changed, step.setting])],
    });
    return {advance, ...(requestId !== undefined && {requestId})};
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
    const failure: Reading = {is: 'failed', outcome: outcomeOf(error)};
    return {advance: (observed) => ({...observed, readings: {...observed.readings, [step.setting]: failure}})};
  }
}

function call(step: SettingStep, settings: RegistrySettings): Promise<Answer<void>> {
  switch (step.call) {
    case 'PutAccountSetting':
      return settings.putAccountSetting(step.name, step.value);
    case 'PutRegistryPolicy':
      return settings.putRegistryPolicy(step.text);
    case 'DeleteRegistryPolicy':
      return settings.deleteRegistryPolicy();
    case 'PutReplicationConfiguration':
      return settings.putReplicationRules(rulesIn(step.target) as readonly ReplicationRule[]);
    case 'PutRegistryScanningConfiguration': {
      const scanType = step.target.get(scanTypeKey);
      return settings.putScanning(typeof scanType === 'string' ? scanType : 'BASIC', rulesIn(step.target) as readonly ScanningRule[]);
    }
    case 'PutSigningConfiguration':
    case 'DeleteSigningConfiguration':
      return settings.putSigningRules(rulesIn(step.target) as readonly SigningRule[]);
    case 'RegisterPullTimeUpdateExclusion':
      return settings.registerPullTimeUpdateExclusion(step.principalArn);
    case 'DeregisterPullTimeUpdateExclusion':
      return settings.deregisterPullTimeUpdateExclusion(step.principalArn);
  }
  return step satisfies never;
}

function changed(entries: Entries, step: SettingStep): Entries {
  switch (step.call) {
    case 'PutAccountSetting':
      return new Map([...entries, [step.name, step.value]]);
    case 'DeleteRegistryPolicy':
      return new Map();
    case 'RegisterPullTimeUpdateExclusion':
      return new Map([...entries, [step.principalArn, step.principalArn]]);
    case 'DeregisterPullTimeUpdateExclusion':
      return new Map([...entries].filter(([arn]) => arn !== step.principalArn));
    case 'PutRegistryPolicy':
    case 'PutReplicationConfiguration':
    case 'PutRegistryScanningConfiguration':
    case 'PutSigningConfiguration':
    case 'DeleteSigningConfiguration':
      return step.target;
  }
  return step satisfies never;
}

/** After a failure, what was read before does not matter: it is read anew at the next walk. */
function withReading(observed: Observed, {setting}: SettingStep, change: (entries: Entries) => Reading): Observed {
  const reading = observed.readings[setting];
  return reading?.is === 'read' ? {...observed, readings: {...observed.readings, [setting]: change(reading.entries)}} : observed;
}

/** Entries are made of the very rules that the door takes. */
function rulesIn(entries: Entries): unknown {
  return [...entries].filter(([key]) => key !== scanTypeKey).map(([, rule]) => rule);
}
