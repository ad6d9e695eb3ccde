import type {StoredValue} from './secret-store.ts';

/** AWS Systems Manager Parameter Store. */
export interface ParameterStore {
  /**
   * Decrypted, by name or ARN; ten in one call at most. Those that there are not are left out. A policy that denies one of
   * them denies all.
   */
  get(names: readonly string[]): Promise<ReadonlyMap<string, StoredValue>>;
}

/** The most that GetParameters takes. */
export const mostParameters = 10;
