import {AssumeRoleCommand, type STSClient} from '@aws-sdk/client-sts';
import {Interruption} from '../kinds/outcome.ts';
import type {AssumedRole} from './aws.ts';
import type {Caller} from './caller.ts';
import type {Credentials} from './credential-memo.ts';

/** Credentials of a role, by way of the caller's own. They last an hour, AWS's limit for a chain of roles. */
export function roleCredentials(options: {
  readonly role: AssumedRole;
  readonly sessionName: string;
  readonly client: STSClient;
  readonly call: Caller;
}): () => Promise<Credentials> {
  const {role, sessionName, client, call} = options;
  const tags = Object.entries(role.sessionTags ?? {}).map(([Key, Value]) => ({Key, Value}));
  return async () => {
    const command = new AssumeRoleCommand({
      RoleArn: role.roleArn,
      RoleSessionName: sessionName,
      ...(role.externalId !== undefined && {ExternalId: role.externalId}),
      ...(tags.length > 0 && {Tags: tags}),
    });
    const {Credentials: given} = await call('AssumeRole', role.roleArn, () => client.send(command));
    const {AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: expiration} = given ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
      throw new Interruption({is: 'failed', reason: 'AwsUnavailable', message: 'sts:AssumeRole answered without credentials'});
    }
    return {accessKeyId, secretAccessKey, sessionToken, ...(expiration && {expiration})};
  };
}

/** The same for the same role, external id and tags, however they are written. */
export function roleKey(role: AssumedRole | undefined): string {
  if (role === undefined) return '';
  const tags = Object.entries(role.sessionTags ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([role.roleArn, role.externalId, tags]);
}
