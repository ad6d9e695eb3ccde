import {GetParametersCommand, type SSMClient} from '@aws-sdk/client-ssm';
import {Secret} from '../schema/secret.ts';
import type {Caller} from './caller.ts';
import type {ParameterStore} from './parameter-store.ts';
import type {StoredValue} from './secret-store.ts';

export function createParameterStoreDoor(options: {readonly client: SSMClient; readonly call: Caller}): ParameterStore {
  const {client, call} = options;
  return {
    get: (names) =>
      call('GetParameters', names.length === 1 ? names[0] : undefined, async () => {
        const output = await client.send(new GetParametersCommand({Names: [...names], WithDecryption: true}));
        const found = new Map<string, StoredValue>();
        for (const {Name: name = '', ARN: arn = name, Value: value = ''} of output.Parameters ?? []) {
          // Whoever asked by ARN finds it by ARN.
          for (const key of [name, arn]) found.set(key, {arn, value: new Secret(value)});
        }
        return found;
      }),
  };
}
