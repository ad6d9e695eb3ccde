import type {Tags} from '../aws/ecr.ts';
import {type Claim, ownerTag, uidTag} from './ownership.ts';

type SpecTags = readonly {readonly key: string; readonly value: string}[] | undefined;

/** The tags that a repository must have: those of the spec, and whose it is. */
export function wantedTags(tags: SpecTags, claim: Claim): Tags {
  const own = Object.fromEntries((tags ?? []).map(({key, value}) => [key, value]));
  return {...own, [ownerTag]: claim.owner, [uidTag]: claim.uid};
}

export interface TagChange {
  readonly missing: Tags;
  /** Keys that were set from the spec, which no longer has them. */
  readonly stale: readonly string[];
}

/** What is to be done about tags. Those that others set are no part of it. `applied`: the keys that were set from the spec. */
export function tagChange(wanted: Tags, actual: Tags, applied: readonly string[] = []): TagChange {
  return {
    missing: Object.fromEntries(Object.entries(wanted).filter(([key, value]) => actual[key] !== value)),
    stale: applied.filter((key) => !Object.hasOwn(wanted, key) && Object.hasOwn(actual, key)),
  };
}
