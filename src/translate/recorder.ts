import {at} from './field-path.ts';

export interface Recording<T> {
  /** Reads like the original and remembers each string, number and boolean that is read through it. */
  readonly value: T;
  /** Whether the leaf at this path has been read. */
  readonly isRead: (path: string) => boolean;
}

/**
 * Watches which leaves of a JSON value are read. What a translator has not looked at cannot be in what it made: those
 * leaves become notes, also for fields that did not exist when the translator was written.
 */
export function record<T extends object>(root: T, path = ''): Recording<T> {
  const read = new Set<string>();
  return {value: watched(root, path, read), isRead: (leaf) => read.has(leaf)};
}

/** Reads everything in it: a note has said all that there is to say. */
export function acknowledge(value: unknown): void {
  JSON.stringify(value);
}

function watched<T extends object>(target: T, path: string, read: Set<string>): T {
  const children = new Map<string, object>();
  return new Proxy(target, {
    get(_target, key, receiver) {
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return Reflect.get(target, key, receiver) as unknown;
      const value: unknown = Reflect.get(target, key);
      if (Array.isArray(target) && key === 'length') return value;
      const known = children.get(key);
      if (known !== undefined) return known;
      const where = at(path, Array.isArray(target) ? Number(key) : key);
      if (typeof value !== 'object' || value === null) {
        read.add(where);
        return value;
      }
      const child = watched(value, where, read);
      children.set(key, child);
      return child;
    },
  });
}
