import type {Aws} from '../../src/aws/aws.ts';
import type {StoredValue} from '../../src/aws/secret-store.ts';
import {Interruption, type Outcome} from '../../src/kinds/outcome.ts';
import {Secret} from '../../src/schema/secret.ts';
import {fakeAws} from './fake-aws.ts';

export const account = 'arn:aws:iam::123456789012:role/drayage';
export const secretArn = (name: string): string => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;
const parameterArn = (name: string): string => `arn:aws:ssm:eu-west-1:123456789012:parameter${name.startsWith('/') ? '' : '/'}${name}`;

/** An account in memory: values and images that pods are started with, and what was asked for. */
export class MemoryAws {
  readonly secrets = new Map<string, string>();
  readonly parameters = new Map<string, string>();
  readonly files = new Map<string, string>();
  /** By `repository:tag`. */
  readonly digests = new Map<string, string>();
  readonly calls: string[] = [];
  /** Throws what AWS answers instead. */
  before: (call: string) => void = () => {};

  #called(call: string): void {
    this.calls.push(call);
    this.before(call);
  }

  aws(): Aws {
    return fakeAws({
      identity: async () => ({accountId: '123456789012', arn: account, region: 'eu-west-1'}),
      secrets: () =>
        ({
          read: async (id: string, {versionStage, versionId}: {versionStage?: string; versionId?: string} = {}) => {
            this.#called(`GetSecretValue ${[id, versionStage, versionId].filter(Boolean).join(' ')}`);
            const name = [...this.secrets.keys()].find((key) => id === key || id === secretArn(key) || `${id}-AbCdEf` === secretArn(key));
            return name === undefined ? undefined : {arn: secretArn(name), value: new Secret(this.secrets.get(name) ?? '')};
          },
        }) as unknown as ReturnType<Aws['secrets']>,
      parameters: () => ({
        get: async (names) => {
          this.#called(`GetParameters ${names.join(' ')}`);
          const there = names.filter((name) => this.parameters.has(name));
          return new Map(
            there.map((name): [string, StoredValue] => [
              name,
              {arn: parameterArn(name), value: new Secret(this.parameters.get(name) ?? '')},
            ]),
          );
        },
      }),
      files: () => ({
        read: async (bucket, key) => {
          this.#called(`GetObject ${bucket}/${key}`);
          const text = this.files.get(`${bucket}/${key}`);
          return text === undefined ? undefined : new Secret(text);
        },
      }),
      images: () =>
        ({
          digestOf: async (name: string, tag: string) => {
            this.#called(`DescribeImages ${name}:${tag}`);
            return this.digests.get(`${name}:${tag}`);
          },
        }) as unknown as ReturnType<Aws['images']>,
    });
  }
}

export function refusing(call: RegExp, outcome: Outcome): (made: string) => void {
  return (made) => {
    if (call.test(made)) throw new Interruption(outcome);
  };
}
