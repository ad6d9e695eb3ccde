import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  type SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import {answer, done} from './answer.ts';
import type {Caller} from './caller.ts';
import type {Tags} from './ecr.ts';
import {absent} from './errors.ts';
import type {SecretStore} from './secret-store.ts';
import {Secret} from '../schema/secret.ts';

const notFound = 'ResourceNotFoundException';

export function createSecretStoreDoor(options: {readonly client: SecretsManagerClient; readonly call: Caller}): SecretStore {
  const {client, call} = options;
  return {
    describe: (name) =>
      call('DescribeSecret', name, async () => {
        const output = await client.send(new DescribeSecretCommand({SecretId: name})).catch(absent(notFound));
        if (output?.ARN === undefined) return undefined;
        const tags = Object.fromEntries((output.Tags ?? []).map(({Key = '', Value = ''}) => [Key, Value]));
        return {arn: output.ARN, tags, isDeleted: output.DeletedDate !== undefined};
      }),

    read: (id, {versionStage, versionId} = {}) =>
      call('GetSecretValue', id, async () => {
        const command = new GetSecretValueCommand({
          SecretId: id,
          ...(versionStage !== undefined && {VersionStage: versionStage}),
          ...(versionId !== undefined && {VersionId: versionId}),
        });
        const output = await client.send(command).catch(absent(notFound));
        if (output === undefined) return undefined;
        const {ARN: arn = id, SecretString: text} = output;
        return {arn, value: text === undefined ? undefined : new Secret(text)};
      }),

    create: (name, value, tags) =>
      call('CreateSecret', name, async () => {
        const output = await client
          .send(new CreateSecretCommand({Name: name, SecretString: value.reveal(), Tags: listOf(tags)}))
          .catch(absent('ResourceExistsException'));
        return answer(output?.ARN, output);
      }),

    put: (name, value) =>
      call('PutSecretValue', name, async () =>
        done(await client.send(new PutSecretValueCommand({SecretId: name, SecretString: value.reveal()}))),
      ),

    tag: (name, tags) =>
      call('TagResource', name, async () => done(await client.send(new TagResourceCommand({SecretId: name, Tags: listOf(tags)})))),

    restore: (name) => call('RestoreSecret', name, async () => done(await client.send(new RestoreSecretCommand({SecretId: name})))),

    delete: (name, days) =>
      call('DeleteSecret', name, async () => {
        const command = new DeleteSecretCommand({SecretId: name, RecoveryWindowInDays: days});
        return done(await client.send(command).catch(absent(notFound)));
      }),
  };
}

function listOf(tags: Tags) {
  return Object.entries(tags).map(([Key, Value]) => ({Key, Value}));
}
