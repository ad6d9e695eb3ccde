import type {KubeObject} from '../schema/object.ts';

interface Write {
  /** The resourceVersions that our write replaced. */
  readonly replaced: Set<string>;
  readonly object: KubeObject;
}

/**
 * What the API server answered to our own last write of an object, for as long as the cache shows an older one. Without it, a
 * walk that follows at once would judge the state from before, and write transition times and events twice. Versions are
 * compared only for being the same, as Kubernetes asks of clients.
 */
export class OwnWrites {
  readonly #writes = new Map<string, Write>();

  /** The newest state known: ours while `cached` is one that we replaced. */
  newest(key: string, cached: KubeObject): KubeObject {
    const write = this.#writes.get(key);
    if (write === undefined) return cached;
    const {resourceVersion, uid} = cached.metadata;
    if (write.object.metadata.uid === uid && resourceVersion !== undefined && write.replaced.has(resourceVersion)) return write.object;
    this.#writes.delete(key);
    return cached;
  }

  add(key: string, before: KubeObject, after: KubeObject): void {
    const replacedVersion = before.metadata.resourceVersion;
    if (replacedVersion === undefined || replacedVersion === after.metadata.resourceVersion) return;
    const replaced = this.#writes.get(key)?.replaced ?? new Set();
    replaced.add(replacedVersion);
    this.#writes.set(key, {replaced, object: after});
  }

  forget(key: string): void {
    this.#writes.delete(key);
  }
}
