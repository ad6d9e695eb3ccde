import type {KubeObject} from '../schema/object.ts';

interface Part {
  readonly uid: string | undefined;
  readonly generation: number | undefined;
  readonly observed: unknown;
}

/** What the last walk of a key saw and did, where its plan was only a part. */
export class Parts {
  readonly #parts = new Map<string, Part>();

  put(key: string, {metadata: {uid, generation}}: KubeObject, observed: unknown): void {
    this.#parts.set(key, {uid, generation, observed});
  }

  /** What was put, once; undefined where the object has changed since: what was seen was seen for another spec. */
  take(key: string, {metadata: {uid, generation}}: KubeObject): unknown {
    const part = this.#parts.get(key);
    this.#parts.delete(key);
    return part !== undefined && part.uid === uid && part.generation === generation ? part.observed : undefined;
  }

  forget(key: string): void {
    this.#parts.delete(key);
  }
}
