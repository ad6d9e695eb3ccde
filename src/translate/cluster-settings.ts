/** What an ECS cluster is in Kubernetes, as far as a translation asks for it: the spec of a Cluster. */
export interface ClusterSettings {
  /** `Warn`: what cannot be carried as it stands is noted. `Strict`: what is only approximated is refused. Default Warn. */
  readonly policy?: 'Warn' | 'Strict';
}

export const defaultCluster: ClusterSettings = {};
