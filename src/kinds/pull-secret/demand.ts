import type {Resource} from '../../schema/object.ts';
import type {NamespaceView, Slot} from './observed.ts';
import type {Asker} from './principal.ts';
import type {Entry} from './schedule.ts';
import type {AnySpec} from './schema.ts';
import {failureOf, isValid, measureOf, needOf} from './verdict.ts';

/** What one party is to be asked for, if anything. */
export interface Demand {
  readonly asker: Asker;
  /** A Secret is to be written. */
  isAny: boolean;
  /** Some Secret has none that works: pods wait for it. */
  isPressing: boolean;
  /** The latest expiry among the tokens that are to be replaced, by registry; in milliseconds since 1970. */
  readonly expiries: Map<string, number>;
  /** The latest expiry among all tokens that are in use, by registry; in milliseconds since 1970. */
  readonly heldUntil: Map<string, number>;
  /** When each token that is in use was first written; by registry and expiry. */
  readonly firstWritten: Map<string, string>;
}

/** By party. Where nothing is to be written, nobody needs to be asked. */
export function demandsOf(
  resource: Resource<AnySpec>,
  namespaces: ReadonlyMap<string, NamespaceView>,
  wanted: ReadonlySet<string>,
  now: number,
): ReadonlyMap<string, Demand> {
  const measure = measureOf(resource, {wanted, parties: new Map()}, now);
  const isGoing = resource.metadata.deletionTimestamp !== undefined;
  const demands = new Map<string, Demand>();
  const seen = new Set<string>();
  for (const view of namespaces.values()) {
    for (const slot of view.slots) {
      const demand = demands.get(slot.party) ?? noDemand(slot);
      demands.set(slot.party, demand);
      const {secret} = slot;
      if (secret?.isIntact) noteTokens(demand, slot.party, secret.entries, seen);
      if (isGoing || view.isTerminating || failureOf(view.name, slot, measure)) continue;
      const need = needOf(secret, measure);
      if (need === undefined) continue;
      demand.isAny = true;
      if (!isValid(need)) demand.isPressing = true;
      if (need !== 'due' && need !== 'expired') continue;
      for (const entry of secret?.entries ?? []) {
        const {registry, expiresAt} = entry;
        if (measure.isDue(entry)) keepLatest(demand.expiries, registry, expiresAt);
      }
    }
  }
  return demands;
}

function noDemand({asker}: Slot): Demand {
  return {asker, isAny: false, isPressing: false, expiries: new Map(), heldUntil: new Map(), firstWritten: new Map()};
}

/** Thousands of Secrets hold the same entries: they are looked at once. */
function noteTokens({firstWritten, heldUntil}: Demand, party: string, entries: readonly Entry[], seen: Set<string>): void {
  for (const {registry, expiresAt, refreshedAt} of entries) {
    const id = `${registry} ${expiresAt}`;
    const mark = `${party} ${id} ${refreshedAt}`;
    if (seen.has(mark)) continue;
    seen.add(mark);
    keepLatest(heldUntil, registry, expiresAt);
    const known = firstWritten.get(id);
    if (known === undefined || refreshedAt < known) firstWritten.set(id, refreshedAt);
  }
}

function keepLatest(latest: Map<string, number>, registry: string, expiresAt: string): void {
  latest.set(registry, Math.max(latest.get(registry) ?? 0, Date.parse(expiresAt)));
}
