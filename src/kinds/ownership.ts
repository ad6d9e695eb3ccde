import {hash} from 'node:crypto';

/** Whose a repository is stands in its tags, from the moment of its creation: `<cluster>/<namespace>/<name>` of the object. */
export const ownerTag = 'drayage.dev/owner';
/** The uid of the object that the repository was made or taken by. */
export const uidTag = 'drayage.dev/owner-uid';

/** AWS's limit for the value of a tag. */
const longest = 256;

export interface Claim {
  readonly owner: string;
  readonly uid: string;
}

export type Ownership =
  | {readonly is: 'ours'}
  /** It may be taken over, as the spec says so. */
  | {readonly is: 'adoptable'}
  | {readonly is: 'foreign'; readonly owner?: string};

/** What the owner tag of an object's repository says. A name that is too long for a tag is cut, and told apart by its hash. */
export function ownerOf(clusterId: string, namespace: string, name: string): string {
  const owner = `${clusterId}/${namespace}/${name}`;
  if (owner.length <= longest) return owner;
  const digest = hash('sha256', owner).slice(0, 16);
  return `${owner.slice(0, longest - 1 - digest.length)}-${digest}`;
}

/** The same for an object without a namespace, told apart by its kind. */
export function clusterOwnerOf(clusterId: string, kind: string, name: string): string {
  return `${clusterId}/${kind}/${name}`.slice(0, longest);
}

/**
 * Whose a repository is. Pure.
 *
 * `isKnown`: the status says that this very repository was ours. Then a missing tag is drift, but another owner's tag means
 * that it was taken over, and it is not taken back: two objects would fight for it. `isContested`: an object in this cluster
 * that still exists owns it; then not even Adopt takes it away.
 */
export function ownershipOf(given: {
  readonly tags: Readonly<Record<string, string>>;
  readonly claim: Claim;
  readonly isKnown: boolean;
  readonly adoptionPolicy: 'IfOwned' | 'Adopt' | 'Never';
  readonly isContested: boolean;
}): Ownership {
  const {tags, claim, isKnown, adoptionPolicy, isContested} = given;
  const owner = tags[ownerTag];
  if (owner === claim.owner) {
    const isByAnother = adoptionPolicy === 'Never' && !isKnown && tags[uidTag] !== claim.uid;
    return isByAnother ? {is: 'foreign', owner} : {is: 'ours'};
  }
  if (isKnown) return owner === undefined ? {is: 'ours'} : {is: 'foreign', owner};
  if (adoptionPolicy === 'Adopt' && !isContested) return {is: 'adoptable'};
  return owner === undefined ? {is: 'foreign'} : {is: 'foreign', owner};
}
