import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import type {Observed} from './observed.ts';
import type {Entry} from './schedule.ts';
import type {ClusterPullSecretSpec} from './schema.ts';
import {tallyOf, type Tally} from './tally.ts';
import {measureOf} from './verdict.ts';

const shownFailures = 10;
const longestMessage = 1024;

/** Nothing in it moves between two refreshes: a status that named the time of the walk would wake the next walk. */
export function status(resource: Resource<ClusterPullSecretSpec>, observed: Observed | undefined, _outcome: Outcome, now: Date): Report {
  if (observed === undefined || resource.metadata.deletionTimestamp !== undefined) return before(resource);
  const measure = measureOf(resource, observed.registries, now.getTime());
  const tally = tallyOf(observed.namespaces, measure);
  const {selected, ready} = tally;
  const failures = tally.failures
    .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1))
    .slice(0, shownFailures)
    .map(({namespace, failure: {reason, message}}) => ({namespace, reason, message: message.slice(0, longestMessage)}));
  return {
    fields: {
      namespaces: {selected, ready, failed: tally.failures.length},
      ...(failures.length > 0 && {failures}),
      registries: registriesOf(observed, measure.wanted),
      ...(Number.isFinite(tally.expires) && {expiresAt: new Date(tally.expires).toISOString()}),
      ...(Number.isFinite(tally.due) && {nextRefresh: new Date(tally.due).toISOString()}),
    },
    conditions: [tokenRefreshed(observed), secretsValid(tally)],
  };
}

/** No part of Ready: what matters to pods is whether the secrets work. */
function tokenRefreshed({registries}: Observed): ConditionClaim {
  const troubled = registries.flatMap(({key, trouble}) => (trouble ? [{key, trouble}] : []));
  const [first] = troubled;
  if (!first) {
    const message = 'every registry gave a token when it was last asked';
    return {type: 'TokenRefreshed', status: 'True', reason: 'TokensCurrent', message, aside: true};
  }
  const message = troubled.map(({key, trouble}) => `${key}: ${trouble.message}`).join('; ');
  return {type: 'TokenRefreshed', status: 'False', reason: first.trouble.reason, message: message.slice(0, longestMessage), aside: true};
}

function secretsValid({selected, valid, expired}: Tally): ConditionClaim {
  const type = 'SecretsValid';
  if (expired > 0) return {type, status: 'False', reason: 'SecretsExpired', message: `expired in ${expired} of ${selected} namespaces`};
  if (valid === selected) return {type, status: 'True', reason: 'Valid', message: `valid in all ${selected} namespaces`};
  return {type, status: 'False', reason: 'SecretsMissing', message: `valid in ${valid} of ${selected} namespaces`};
}

/** The oldest token of each registry that any namespace still holds. */
function registriesOf({namespaces}: Observed, wanted: ReadonlySet<string>): readonly Entry[] {
  const oldest = new Map<string, Entry>();
  const seen = new Set<readonly Entry[]>();
  for (const {isSelected, isTerminating, secret} of namespaces.values()) {
    if (!isSelected || isTerminating || secret === undefined || seen.has(secret.entries)) continue;
    seen.add(secret.entries);
    for (const entry of secret.entries) {
      const known = oldest.get(entry.registry);
      if (wanted.has(entry.registry) && (known === undefined || isOlder(entry, known))) oldest.set(entry.registry, entry);
    }
  }
  return [...oldest.values()]
    .toSorted((a, b) => (a.registry < b.registry ? -1 : 1))
    .map(({registry, host, expiresAt, refreshedAt}) => {
      return {registry, host, expiresAt, refreshedAt};
    });
}

function isOlder(one: Entry, other: Entry): boolean {
  const difference = Date.parse(one.expiresAt) - Date.parse(other.expiresAt);
  return difference < 0 || (difference === 0 && one.refreshedAt < other.refreshedAt);
}

const ownFields = ['namespaces', 'failures', 'registries', 'expiresAt', 'nextRefresh'];
const ownConditions = new Set(['TokenRefreshed', 'SecretsValid']);

/** What the status said before. */
function before({status}: KubeObject): Report {
  const old = (status ?? {}) as Readonly<Record<string, unknown>>;
  const fields = Object.fromEntries(ownFields.flatMap((field) => (old[field] === undefined ? [] : [[field, old[field]]])));
  const conditions = (old['conditions'] ?? []) as readonly ConditionClaim[];
  return {
    fields,
    conditions: conditions
      .filter(({type}) => ownConditions.has(type))
      .map(({type, status, reason, message}) => ({
        type,
        status,
        reason,
        message,
        ...(type === 'TokenRefreshed' && {aside: true as const}),
      })),
  };
}
