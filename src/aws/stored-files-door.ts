import {GetObjectCommand, type S3Client} from '@aws-sdk/client-s3';
import {Interruption} from '../kinds/outcome.ts';
import {Secret} from '../schema/secret.ts';
import type {Caller} from './caller.ts';
import {absent} from './errors.ts';
import type {StoredFiles} from './stored-files.ts';

/** What a Secret of Kubernetes holds at most. */
const mostBytes = 1024 * 1024;

export function createStoredFilesDoor(options: {readonly client: S3Client; readonly call: Caller}): StoredFiles {
  const {client, call} = options;
  return {
    read: (bucket, key) =>
      call('GetObject', `${bucket}/${key}`, async () => {
        const output = await client.send(new GetObjectCommand({Bucket: bucket, Key: key})).catch(absent('NoSuchKey', 'NoSuchBucket'));
        if (output?.Body === undefined) return undefined;
        // Of an object that is too large not even the beginning is kept.
        if ((output.ContentLength ?? 0) > mostBytes) {
          await output.Body.transformToWebStream().cancel();
          const message = `${bucket}/${key} in S3 has more than 1 MiB, which is more than a Secret holds`;
          throw new Interruption({is: 'stalled', reason: 'InvalidParameter', message});
        }
        return new Secret(await output.Body.transformToString('utf8'));
      }),
  };
}
