import type {Secret} from '../schema/secret.ts';

/** Amazon S3. */
export interface StoredFiles {
  /** The text of an object of at most 1 MiB; `undefined` where there is no such object or bucket. */
  read(bucket: string, key: string): Promise<Secret | undefined>;
}
