import type {Answer} from './ecr.ts';

type Output = {readonly $metadata: {readonly requestId?: string | undefined}} | undefined;

/** A value with the request id of the call that gave it. */
export function answer<T>(value: T, output: Output): Answer<T> {
  const requestId = output?.$metadata.requestId;
  return {value, ...(requestId !== undefined && {requestId})};
}

/** The answer of a call that gives nothing. */
export function done(output: Output): Answer<void> {
  return answer(undefined, output);
}
