/** Fields by which Kubernetes tells the items of a list apart, first those that name most exactly. */
const itemKeys: readonly (readonly string[])[] = [['name'], ['mountPath'], ['containerPort', 'protocol'], ['ip'], ['uid']];

/**
 * Where an object lacks something that was applied to it, as a field path; undefined where it has all of it. What others
 * have added is not looked at.
 */
export function driftIn(observed: unknown, desired: unknown, path = ''): string | undefined {
  if (Array.isArray(desired)) return Array.isArray(observed) ? driftInList(observed, desired, path) : path;
  if (typeof desired !== 'object' || desired === null) return Object.is(observed, desired) ? undefined : path;
  if (typeof observed !== 'object' || observed === null) return path;
  for (const [key, value] of Object.entries(desired)) {
    if (value === undefined) continue;
    const there: unknown = Object.hasOwn(observed, key) ? (observed as Record<string, unknown>)[key] : undefined;
    const drift = driftIn(there, value, path === '' ? key : `${path}.${key}`);
    if (drift !== undefined) return drift;
  }
  return undefined;
}

function driftInList(observed: readonly unknown[], desired: readonly unknown[], path: string): string | undefined {
  const keys = itemKeys.find(
    (fields) => desired.length > 0 && desired.every((item) => fields.every((field) => fieldOf(item, field) !== undefined)),
  );
  if (keys === undefined && observed.length !== desired.length) return path;
  for (const [index, item] of desired.entries()) {
    const there =
      keys === undefined ? observed[index] : observed.find((other) => keys.every((key) => fieldOf(other, key) === fieldOf(item, key)));
    const drift = driftIn(there, item, `${path}[${index}]`);
    if (drift !== undefined) return drift;
  }
  return undefined;
}

function fieldOf(item: unknown, field: string): unknown {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[field] : undefined;
}
