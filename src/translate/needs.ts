/** Where in AWS a value is. A region left out is the operator's own. */
export type ValueSource =
  | {
      readonly is: 'SecretsManager';
      /** ARN or name. */
      readonly secretId: string;
      readonly region?: string;
      /** A member of the value, which is then JSON. */
      readonly jsonKey?: string;
      readonly versionStage?: string;
      readonly versionId?: string;
    }
  | {readonly is: 'ParameterStore'; /** Name or ARN. */ readonly name: string; readonly region?: string}
  | {readonly is: 'S3'; readonly bucket: string; readonly key: string; readonly partition: string};

/** One value of a Secret. */
export interface NeededValue {
  /** The field of the definition that asks for it. */
  readonly path: string;
  /** The same for a person: `DB_PASSWORD of container app`. */
  readonly what: string;
  readonly source: ValueSource;
}

/** A Secret in the workload's namespace that the pod refers to, and what it is filled with. */
export type NeededSecret =
  /** Each value under its key. */
  | {readonly is: 'values'; readonly name: string; readonly values: Readonly<Record<string, NeededValue>>}
  /** Each line `NAME=VALUE` of a file under its name; of several files the first that has a name counts. */
  | {readonly is: 'files'; readonly name: string; readonly files: readonly NeededValue[]}
  /** `{"username", "password"}` in Secrets Manager, as a kubernetes.io/dockerconfigjson for `host`. */
  | {readonly is: 'registry'; readonly name: string; readonly host: string; readonly value: NeededValue};
