import type {Resource} from '../../schema/object.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import {fingerprint, wantedEntries} from './entries.ts';
import {appliedOf, correctionsOf, settingsToKeep, statusOf} from './memory.ts';
import type {Observed} from './observed.ts';
import {stateOf} from './plan-settings.ts';
import type {RegistrySpec, RegistryStatus} from './schema.ts';
import {declares, type SettingName} from './setting.ts';

type SettingStatus = NonNullable<RegistryStatus['settings']>[number];

/** Where the identity could not be asked for, what was known stays. */
export function status(resource: Resource<RegistrySpec>, observed: Observed | undefined, outcome: Outcome, now: Date): Report {
  const fields = observed ? fieldsOf(resource, observed, outcome, now) : kept(statusOf(resource));
  return {fields: {...fields}, conditions: claimsOf(fields)};
}

function fieldsOf(resource: Resource<RegistrySpec>, observed: Observed, outcome: Outcome, now: Date): RegistryStatus {
  const {accountId, region, identityArn, hosts} = observed;
  const previous = statusOf(resource);
  const isRight = resource.spec.accountId === undefined || resource.spec.accountId === accountId;
  const settings = isRight
    ? settingsToKeep(resource).flatMap((name) => settingOf(resource, observed, name, now))
    : (previous.settings ?? []);
  const generation = outcome.is === 'settled' ? resource.metadata.generation : previous.appliedGeneration;
  return {
    accountId,
    region,
    identityArn,
    registryUri: hosts.ipv4,
    registryUris: {...hosts},
    ...(settings.length > 0 && {settings}),
    ...(settings.length > 0 && generation !== undefined && {appliedGeneration: generation}),
  };
}

/** One that left the spec and was taken back is forgotten. */
function settingOf(resource: Resource<RegistrySpec>, observed: Observed, name: SettingName, now: Date): readonly SettingStatus[] {
  const previous = statusOf(resource);
  const state = stateOf(resource, observed, name, now);
  const isInForce = state.is === 'inSync';
  if (isInForce && !declares(resource.spec, name)) return [];
  const before = previous.settings?.find((setting) => setting.name === name);
  const own = isInForce ? [...wantedEntries(resource.spec, name).keys()].map(fingerprint).toSorted() : appliedOf(previous, name);
  return [
    {
      name,
      isInSync: isInForce,
      ...(state.is === 'trouble' && {reason: state.outcome.reason, message: state.outcome.message.slice(0, 1024)}),
      applied: [...own],
      ...correctionsNow(resource, observed, name, now, before),
    },
  ];
}

/** Setting right what the spec of this generation had in force already is a correction; carrying out a new one is not. */
function correctionsNow(
  {status: raw, metadata}: Resource<RegistrySpec>,
  {changed}: Observed,
  name: SettingName,
  now: Date,
  before: SettingStatus | undefined,
): Pick<SettingStatus, 'corrections' | 'correctedAt'> {
  const previous = (raw ?? {}) as RegistryStatus;
  const isCorrection = changed.includes(name) && previous.appliedGeneration === metadata.generation;
  if (isCorrection) return {corrections: correctionsOf(previous, name, now) + 1, correctedAt: now.toISOString()};
  if (before?.corrections === undefined || before.correctedAt === undefined || previous.appliedGeneration !== metadata.generation)
    return {};
  return {corrections: before.corrections, correctedAt: before.correctedAt};
}

function claimsOf({settings}: RegistryStatus): readonly ConditionClaim[] {
  if (settings === undefined) return [];
  const type = 'SettingsInSync';
  const wrong = settings.filter(({isInSync}) => !isInSync);
  if (wrong.length === 0) return [{type, status: 'True', reason: 'InSync', message: settings.map(({name}) => name).join(', ')}];
  const [first] = wrong;
  return [{type, status: 'False', reason: first?.reason ?? 'NotInSync', message: wrong.map(({name}) => name).join(', '), aside: true}];
}

/** The kind's own members; conditions and the like belong to the engine. */
function kept(previous: RegistryStatus): RegistryStatus {
  const {observedGeneration: _, conditions: __, ...fields} = previous as RegistryStatus & Record<string, unknown>;
  return fields;
}
