import type {ECRClient} from '@aws-sdk/client-ecr';
import type {ECRPUBLICClient} from '@aws-sdk/client-ecr-public';
import type {S3Client} from '@aws-sdk/client-s3';
import type {SecretsManagerClient} from '@aws-sdk/client-secrets-manager';
import type {SSMClient} from '@aws-sdk/client-ssm';
import type {STSClient} from '@aws-sdk/client-sts';
import {interruptionOf, isLimitError, isThrottlingError, nameOf} from './errors.ts';
import {Pace} from './pace.ts';

export type Gated = ECRClient | ECRPUBLICClient | S3Client | SecretsManagerClient | SSMClient | STSClient;

/** One request that went to AWS. `error` is AWS's name for what went wrong. */
export type OnCall = (call: {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly seconds: number;
  readonly error?: string;
}) => void;

type Next = (args: unknown) => Promise<unknown>;

/**
 * Puts a gate into a client, inside of its retries: each attempt waits for the pace of its API, tells it of throttling, and
 * is reported. AWS's «limit exceeded» leaves here as an Interruption, because the SDK would take it for throttling.
 */
export function gate<C extends Gated>(
  client: C,
  options: {readonly service: string; readonly region: string; readonly onCall?: OnCall},
): C {
  const paces = new Map<string, Pace>();
  const clock = {
    now: () => performance.now(),
    wait: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  };
  const middleware =
    (next: Next, context: {readonly commandName?: string}): Next =>
    async (args) => {
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      const pace = paces.get(operation) ?? new Pace(clock);
      paces.set(operation, pace);
      await pace.take();
      const start = clock.now();
      const report = (error?: string) =>
        options.onCall?.({
          service: options.service,
          operation,
          region: options.region,
          seconds: (clock.now() - start) / 1000,
          ...(error !== undefined && {error}),
        });
      try {
        const result = await next(args);
        report();
        return result;
      } catch (error) {
        report(nameOf(error));
        if (isThrottlingError(error)) pace.throttled();
        if (isLimitError(error)) throw interruptionOf(error, {action: `${options.service}:${operation}`});
        throw error;
      }
    };
  // The clients' stacks differ only in the types of their commands.
  (client as ECRClient).middlewareStack.addRelativeTo(middleware as never, {
    name: 'drayageGate',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });
  return client;
}
