import {hash} from 'node:crypto';

/** Kubernetes' limit for the name of an object. */
const longest = 253;
const hashLength = 8;

/**
 * A name in Kubernetes for each name in AWS: `team/app` is `team-app`. Of several that would be the same, the one that is
 * spelt so already keeps it, or else the first in order; the others get a hash of their own name at the end.
 */
export function objectNames(names: readonly string[]): ReadonlyMap<string, string> {
  const distinct = [...new Set(names)].toSorted();
  const given = new Map<string, string>();
  const taken = new Set<string>();
  const give = (name: string, objectName: string): void => {
    given.set(name, objectName);
    taken.add(objectName);
  };
  for (const name of distinct.filter((each) => plain(each) === each)) give(name, name);
  for (const name of distinct.filter((each) => !given.has(each))) {
    const wanted = plain(name);
    give(name, taken.has(wanted) || wanted === '' ? withHash(wanted, name, taken) : wanted);
  }
  return given;
}

/** As a DNS subdomain; a name that is too long ends in its hash. */
function plain(name: string): string {
  const safe = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/[.-]*\.[.-]*/g, '.')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  return safe.length <= longest ? safe : withHash(safe, name, new Set());
}

function withHash(wanted: string, name: string, taken: ReadonlySet<string>): string {
  for (let salt = 0; ; salt += 1) {
    const digest = hash('sha256', salt === 0 ? name : `${name} ${salt}`).slice(0, hashLength);
    const start = wanted.slice(0, longest - 1 - hashLength).replace(/[.-]+$/, '');
    const candidate = start === '' ? digest : `${start}-${digest}`;
    if (!taken.has(candidate)) return candidate;
  }
}
