/** What an ECS cluster is in Kubernetes, as far as a translation asks for it: the spec of a Cluster. */
export interface ClusterSettings {
  /** `Warn`: what cannot be carried as it stands is noted. `Strict`: what is only approximated is refused. Default Warn. */
  readonly policy?: 'Warn' | 'Strict';
  readonly secrets?: SecretSettings;
  readonly logs?: LogSettings;
}

/** How values in AWS Secrets Manager, Parameter Store and S3 reach pods. */
export interface SecretSettings {
  /**
   * Who reads them. `Operator`: this operator, with its own identity, into a Secret. `ExternalSecrets`: External Secrets
   * Operator, which is given an ExternalSecret for each; files of variables in S3 stay with this operator. Default Operator.
   */
  readonly provider?: 'Operator' | 'ExternalSecrets';
  /** For ExternalSecrets: the store for AWS Secrets Manager. */
  readonly secretStoreRef?: StoreReference;
  /** For ExternalSecrets: the store for Parameter Store, which to External Secrets Operator is another one. */
  readonly parameterStoreRef?: StoreReference;
  /**
   * For Operator: the ARNs that task definitions may name, with `*` for any characters and `?` for one. They are read with the
   * operator's identity, so what is not listed here is refused to every namespace. Default none.
   */
  readonly allowedResources?: readonly string[];
}

export interface StoreReference {
  readonly name: string;
  /** Default SecretStore. */
  readonly kind?: 'SecretStore' | 'ClusterSecretStore';
}

/** What becomes of logConfiguration. */
export interface LogSettings {
  /**
   * `None`: pods are annotated with what it says. `FluentBit`: outputs are also written for the Fluent Bit that runs on the
   * nodes, into a ConfigMap that it must include. Default None.
   */
  readonly provider?: 'None' | 'FluentBit';
  /** Of that configuration. Default Classic. */
  readonly format?: 'Classic' | 'Yaml';
}

export const defaultCluster: ClusterSettings = {};
