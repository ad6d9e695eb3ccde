import {parseObject, textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';

/** The secrets of Secrets Manager (ministack's), learnt from the calls that pass through: ECR reads them for its upstreams. */
export interface SecretsSeen {
  learn(call: AwsCall, reply: Reply): void;
  /** The value; `undefined` where there is no such secret, or it is deleted. */
  valueOf(arn: string): string | undefined;
}

export function secretsSeen(): SecretsSeen {
  const secrets = new Map<string, {value: string; isDeleted: boolean; readonly name: string}>();
  const find = (id: string) => secrets.get(id) ?? [...secrets.values()].find(({name}) => name === id);
  return {
    learn(call, reply) {
      if (call.service !== 'secretsmanager' || reply.status >= 300) return;
      const input: Json = parseObject(call.body) ?? {};
      if (call.operation === 'CreateSecret') {
        const arn = textOf(parseObject(reply.body)?.['ARN']);
        secrets.set(arn, {value: textOf(input['SecretString']), isDeleted: false, name: textOf(input['Name'])});
        return;
      }
      const secret = find(textOf(input['SecretId']));
      if (secret === undefined) return;
      if (call.operation === 'PutSecretValue') secret.value = textOf(input['SecretString']);
      if (call.operation === 'DeleteSecret') secret.isDeleted = true;
      if (call.operation === 'RestoreSecret') secret.isDeleted = false;
    },
    valueOf(arn) {
      const secret = find(arn);
      return secret === undefined || secret.isDeleted ? undefined : secret.value;
    },
  };
}
