export interface Observed {
  /** Another Cluster that answers to the same name. */
  readonly elder?: string;
  /** Those that it covers, in order. */
  readonly namespaces: readonly string[];
  readonly services: number;
  readonly running: number;
  readonly pending: number;
}
