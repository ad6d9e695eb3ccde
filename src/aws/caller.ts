import {type AwsCall, interruptionOf, isCredentialsError} from './errors.ts';

/** Runs one call to AWS. Whatever it throws comes out as an Interruption that names the action. */
export type Caller = <T>(action: string, resource: string | undefined, run: () => Promise<T>) => Promise<T>;

export function createCaller(options: {
  readonly service: string;
  readonly roleArn?: string;
  /** Told where AWS refused the credentials, so that they are fetched anew. */
  readonly onCredentialsRefused: () => void;
}): Caller {
  return async (action, resource, run) => {
    try {
      return await run();
    } catch (error) {
      if (isCredentialsError(error)) options.onCredentialsRefused();
      const call: AwsCall = {
        action: `${options.service}:${action}`,
        ...(resource !== undefined && {resource}),
        ...(options.roleArn !== undefined && {roleArn: options.roleArn}),
      };
      throw interruptionOf(error, call);
    }
  };
}
