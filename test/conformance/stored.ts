import {CreateBucketCommand, PutObjectCommand, S3Client} from '@aws-sdk/client-s3';
import {CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient} from '@aws-sdk/client-secrets-manager';
import {PutParameterCommand, SSMClient} from '@aws-sdk/client-ssm';
import type {Cloud} from '../cloud/start.ts';

/** What AWS holds, each by a name that is the behaviour's own. */
export interface Stored {
  /** The versions of secrets in Secrets Manager, the oldest first. */
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
  /** Texts in Parameter Store, encrypted. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Objects in S3; `.env` is put behind their names. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Where it is. */
export interface Held {
  /** ARN of a secret; one that leads nowhere where there is none of that name. */
  readonly secret: (name: string) => string;
  /** The id of its first version. */
  readonly firstVersion: (name: string) => string;
  /** Name of a parameter. */
  readonly parameter: (name: string) => string;
  readonly parameterArn: (name: string) => string;
  /** ARN of an object in S3. */
  readonly file: (name: string) => string;
}

/** One behaviour's part of what AWS holds. */
export interface Store {
  readonly held: Held;
  /** Adds to it; a secret that is there gets more versions. */
  readonly put: (stored: Stored) => Promise<void>;
}

const bucket = 'conformance';

/** What the Cluster of these tasks lets them read: all of it. */
export const allowedResources: readonly string[] = [
  'arn:aws:secretsmanager:*:secret:conformance/*',
  'arn:aws:ssm:*:parameter/conformance/*',
  `arn:aws:s3:::${bucket}/*`,
];

/** Makes stores in AWS; call it once. */
export async function storesIn(cloud: Cloud): Promise<(id: string) => Store> {
  const {accountId, endpoint, region, rootCredentials: credentials} = cloud;
  const settings = {endpoint, region, credentials};
  const clients: Clients = {
    secrets: new SecretsManagerClient(settings),
    parameters: new SSMClient(settings),
    files: new S3Client({...settings, forcePathStyle: true}),
  };
  await clients.files.send(new CreateBucketCommand({Bucket: bucket}));
  return (id) => storeOf(id, clients, `${region}:${accountId}`);
}

interface Clients {
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  readonly files: S3Client;
}

function storeOf(id: string, clients: Clients, where: string): Store {
  const secrets = new Map<string, {readonly arn: string; readonly firstVersion: string}>();
  const path = (name: string): string => `conformance/${id}/${name}`;
  const putSecret = async (name: string, value: string): Promise<void> => {
    const there = secrets.get(name);
    if (there === undefined) {
      const {ARN = '', VersionId = ''} = await clients.secrets.send(new CreateSecretCommand({Name: path(name), SecretString: value}));
      secrets.set(name, {arn: ARN, firstVersion: VersionId});
      return;
    }
    await clients.secrets.send(new PutSecretValueCommand({SecretId: there.arn, SecretString: value}));
  };
  return {
    held: {
      secret: (name) => secrets.get(name)?.arn ?? `arn:aws:secretsmanager:${where}:secret:${path(name)}-AbCdEf`,
      firstVersion: (name) => secrets.get(name)?.firstVersion ?? '',
      parameter: (name) => `/${path(name)}`,
      parameterArn: (name) => `arn:aws:ssm:${where}:parameter/${path(name)}`,
      file: (name) => `arn:aws:s3:::${bucket}/${id}/${name}.env`,
    },
    async put({secrets: more = {}, parameters = {}, files = {}}) {
      for (const [name, values] of Object.entries(more)) for (const value of values) await putSecret(name, value);
      for (const [name, value] of Object.entries(parameters)) {
        await clients.parameters.send(
          new PutParameterCommand({Name: `/${path(name)}`, Value: value, Type: 'SecureString', Overwrite: true}),
        );
      }
      for (const [name, text] of Object.entries(files)) {
        await clients.files.send(new PutObjectCommand({Bucket: bucket, Key: `${id}/${name}.env`, Body: text}));
      }
    },
  };
}
