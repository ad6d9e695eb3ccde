import type {KubeObject, Resource} from '../../schema/object.ts';
import type {ConditionClaim, Report} from '../kind.ts';
import type {Outcome} from '../outcome.ts';
import type {Observed} from './observed.ts';
import type {Entry} from './schedule.ts';
import type {AnySpec} from './schema.ts';
import {tallyOf, type Tally} from './tally.ts';
import {measureOf, type Measure} from './verdict.ts';

const shownFailures = 10;
const longestMessage = 1024;

/** Nothing in it moves between two refreshes: a status that named the time of the walk would wake the next walk. */
export function status(resource: Resource<AnySpec>, observed: Observed | undefined, _outcome: Outcome, now: Date): Report {
  if (observed === undefined || resource.metadata.deletionTimestamp !== undefined) return before(resource);
  const measure = measureOf(resource, observed, now.getTime());
  const tally = tallyOf(observed, measure);
  const {selected, ready} = tally;
  const failures = tally.failures
    .toSorted((a, b) => (`${a.namespace}/${a.serviceAccount ?? ''}` < `${b.namespace}/${b.serviceAccount ?? ''}` ? -1 : 1))
    .slice(0, shownFailures)
    .map(({failure: {reason, message}, ...where}) => ({...where, reason, message: message.slice(0, longestMessage)}));
  const failed = new Set(tally.failures.map(({namespace}) => namespace)).size;
  return {
    fields: {
      ...(measure.owner.kind === 'ClusterPullSecret' && {namespaces: {selected, ready, failed}}),
      ...(failures.length > 0 && {failures}),
      registries: registriesOf(observed),
      ...(Number.isFinite(tally.expires) && {expiresAt: new Date(tally.expires).toISOString()}),
      ...(Number.isFinite(tally.due) && {nextRefresh: new Date(tally.due).toISOString()}),
    },
    conditions: [tokenRefreshed(observed), secretsValid(tally, measure)],
  };
}

/** No part of Ready: what matters to pods is whether the secrets work. */
function tokenRefreshed({parties}: Observed): ConditionClaim {
  const troubled = [...parties].flatMap(([party, registries]) =>
    registries.flatMap(({key, trouble}) => (trouble ? [{whose: party === '' ? key : `${party}, ${key}`, trouble}] : [])),
  );
  const [first] = troubled;
  if (!first) {
    const message = 'every registry gave a token when it was last asked';
    return {type: 'TokenRefreshed', status: 'True', reason: 'TokensCurrent', message, aside: true};
  }
  const message = troubled.map(({whose, trouble}) => `${whose}: ${trouble.message}`).join('; ');
  return {type: 'TokenRefreshed', status: 'False', reason: first.trouble.reason, message: message.slice(0, longestMessage), aside: true};
}

function secretsValid({selected, secrets, valid, expired}: Tally, {owner, isForEach}: Measure): ConditionClaim {
  const type = 'SecretsValid';
  const isOne = owner.kind === 'PullSecret' && !isForEach;
  const all = isForEach ? `${secrets} secrets` : `${selected} namespaces`;
  if (expired > 0) {
    const message = isOne ? 'the secret has expired' : `expired in ${expired} of ${all}`;
    return {type, status: 'False', reason: 'SecretsExpired', message};
  }
  if (valid === secrets) {
    return {type, status: 'True', reason: 'Valid', message: isOne ? 'the secret is valid' : `valid in all ${all}`};
  }
  const message = isOne ? 'there is no complete secret yet' : `valid in ${valid} of ${all}`;
  return {type, status: 'False', reason: 'SecretsMissing', message};
}

/** The oldest token of each registry that any Secret still holds. */
function registriesOf({namespaces, wanted}: Observed): readonly Entry[] {
  const oldest = new Map<string, Entry>();
  const seen = new Set<readonly Entry[]>();
  for (const {isTerminating, slots} of namespaces.values()) {
    if (isTerminating) continue;
    for (const {secret} of slots) {
      if (secret === undefined || seen.has(secret.entries)) continue;
      seen.add(secret.entries);
      for (const entry of secret.entries) {
        const known = oldest.get(entry.registry);
        if (wanted.has(entry.registry) && (known === undefined || isOlder(entry, known))) oldest.set(entry.registry, entry);
      }
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
function before({status: old}: KubeObject): Report {
  const known = (old ?? {}) as Readonly<Record<string, unknown>>;
  const fields = Object.fromEntries(ownFields.flatMap((field) => (known[field] === undefined ? [] : [[field, known[field]]])));
  const conditions = (known['conditions'] ?? []) as readonly ConditionClaim[];
  return {
    fields,
    conditions: conditions
      .filter(({type}) => ownConditions.has(type))
      .map(({type, status: state, reason, message}) => ({
        type,
        status: state,
        reason,
        message,
        ...(type === 'TokenRefreshed' && {aside: true as const}),
      })),
  };
}
