import type {Answer, Tags} from './ecr.ts';
import type {Secret} from '../schema/secret.ts';

/** What AWS Secrets Manager tells of a secret; never its value. */
export interface StoredSecret {
  readonly arn: string;
  readonly tags: Tags;
  /** Deleted, and still to be had back. */
  readonly isDeleted: boolean;
}

/** A value as AWS keeps it, and the ARN of what it is kept in. */
export interface StoredValue {
  readonly arn: string;
  /** `undefined` where it is bytes, not text. */
  readonly value: Secret | undefined;
}

/** Which version of a value; left out, the current one. */
export interface ValueVersion {
  readonly versionStage?: string;
  readonly versionId?: string;
}

/** AWS Secrets Manager. */
export interface SecretStore {
  describe(name: string): Promise<StoredSecret | undefined>;
  /** By name or ARN. `undefined` where there is no such secret, or none of that version. */
  read(id: string, version?: ValueVersion): Promise<StoredValue | undefined>;
  /** The ARN; `undefined` where there is a secret of that name already. */
  create(name: string, value: Secret, tags: Tags): Promise<Answer<string | undefined>>;
  put(name: string, value: Secret): Promise<Answer<void>>;
  tag(name: string, tags: Tags): Promise<Answer<void>>;
  /** Takes back a deletion. */
  restore(name: string): Promise<Answer<void>>;
  /** With a window of `days` in which it can be restored. One that is gone is fine. */
  delete(name: string, days: number): Promise<Answer<void>>;
}
