import {faultOf} from '../../documents/json.ts';
import type {Resource} from '../../schema/object.ts';
import type {Outcome} from '../outcome.ts';
import {wantedEntries} from './entries.ts';
import {appliedOf, correctionsOf, mostCorrections, settingsToKeep, statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {settingSteps, unmergeable} from './plan-setting.ts';
import type {RegistrySpec} from './schema.ts';
import {declares, type SettingName} from './setting.ts';
import type {SettingStep} from './step.ts';

export type Setting =
  | {readonly is: 'inSync'}
  | {readonly is: 'trouble'; readonly outcome: Outcome}
  | {readonly is: 'toDo'; readonly steps: readonly SettingStep[]};

/** The steps of all settings, and what keeps others from having theirs: each is kept by itself. */
export function planSettings(
  resource: Resource<RegistrySpec>,
  observed: Observed,
  now: Date,
): {readonly steps: readonly SettingStep[]; readonly troubles: readonly Outcome[]} {
  const states = settingsToKeep(resource).map((name) => stateOf(resource, observed, name, now));
  return {
    steps: states.flatMap((state) => (state.is === 'toDo' ? state.steps : [])),
    troubles: states.flatMap((state) => (state.is === 'trouble' ? [state.outcome] : [])),
  };
}

/** How one setting stands. */
export function stateOf(resource: Resource<RegistrySpec>, observed: Observed, name: SettingName, now: Date): Setting {
  const {spec, metadata} = resource;
  const status = statusOf(resource);
  const rival = observed.rivals[name];
  if (rival !== undefined) {
    const message = `${name}: the Registry ${rival} is older, of the same account and region, and sets it too; take it out of one of the two, or set settingsOwnership Merge in both`;
    return trouble({is: 'stalled', reason: 'SettingsConflict', message});
  }
  const reading = observed.readings[name];
  if (reading === undefined) return {is: 'inSync'};
  if (reading.is === 'failed') return trouble({...reading.outcome, message: `${name}: ${reading.outcome.message}`});
  const wanted = wantedEntries(spec, name);
  const isLeaving = metadata.deletionTimestamp !== undefined || !declares(spec, name);
  const {settingsOwnership: ownership} = spec;
  // What cannot be read must not be taken for a policy without statements.
  const fault = name === 'registryPolicy' && !isLeaving && spec.registryPolicy ? faultOf(spec.registryPolicy.policyText) : undefined;
  if (fault) return trouble({is: 'stalled', reason: 'InvalidRegistryPolicy', message: `spec.registryPolicy.policyText: ${fault}`});
  if (!isLeaving && unmergeable({name, wanted, ownership})) {
    const message =
      'spec.registryPolicy.policyText: with settingsOwnership Merge every statement needs a Sid, which tells it from those of others';
    return trouble({is: 'stalled', reason: 'InvalidRegistryPolicy', message});
  }
  const steps = settingSteps({
    name,
    location: observed.location,
    wanted: isLeaving ? new Map() : wanted,
    actual: reading.entries,
    applied: appliedOf(status, name),
    ownership,
    isLeaving,
  });
  if (steps.length === 0) return {is: 'inSync'};
  const wasInForce = status.appliedGeneration === metadata.generation && !isLeaving;
  if (wasInForce && spec.driftPolicy === 'Report') {
    const message = `${name}: driftPolicy is Report, nothing was changed: ${steps.map(({why}) => why).join('; ')}`;
    return trouble({is: 'stalled', reason: 'Drifted', message});
  }
  if (wasInForce && correctionsOf(status, name, now) >= mostCorrections) {
    const message = `${name}: someone else changed it ${mostCorrections} times within an hour after it was set right, so it is left for now: find who does (CloudTrail), or set settingsOwnership Merge`;
    return trouble({is: 'stalled', reason: 'SettingsContested', message, seconds: 900});
  }
  return {is: 'toDo', steps};
}

function trouble(outcome: Outcome): Setting {
  return {is: 'trouble', outcome};
}
