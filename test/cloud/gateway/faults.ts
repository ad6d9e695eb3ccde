import type {AwsError} from './answers.ts';
import type {AwsCall} from './message.ts';

/**
 * A fault to show. Ends after `times` calls or `seconds`, whichever is first; with neither, when faults are cleared.
 *
 * - `throttle`, `deny`, `error500`: answered in the service's own error types, without effect.
 * - `error`: as `type`, `message` and `status` say.
 * - `timeout`: no answer; the connection stays open until the client gives up.
 * - `reset`: the connection is reset before the call is looked at.
 * - `afterwards-reset`: the call takes effect and its answer is lost.
 */
export type Fault = {
  /** An API operation's name, or `*` for every call of every service. */
  readonly operation: string;
  readonly times?: number;
  readonly seconds?: number;
} & (
  | {readonly is: 'throttle' | 'deny' | 'error500' | 'timeout' | 'reset' | 'afterwards-reset'}
  | {readonly is: 'error'; readonly type: string; readonly message: string; readonly status?: number}
);

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that this call meets, if any; counts it as shown. */
  meet(operation: string): Fault | undefined;
}

export function faultList(): Faults {
  let faults: {readonly fault: Fault; readonly until: number; left: number}[] = [];
  return {
    add(fault) {
      faults.push({fault, until: Date.now() + (fault.seconds ?? Infinity) * 1000, left: fault.times ?? Infinity});
    },
    clear() {
      faults = [];
    },
    meet(operation) {
      const now = Date.now();
      faults = faults.filter(({left, until}) => left > 0 && until > now);
      const met = faults.find(({fault}) => fault.operation === '*' || fault.operation === operation);
      if (!met) return undefined;
      met.left -= 1;
      return met.fault;
    },
  };
}

/** The error that AWS gives for such a fault; undefined for faults of the connection. */
export function errorOf(fault: Fault, call: AwsCall, principalArn: string): AwsError | undefined {
  switch (fault.is) {
    case 'throttle':
      return {type: call.json ? 'ThrottlingException' : 'Throttling', message: 'Rate exceeded'};
    case 'deny':
      return denied(call, principalArn);
    case 'error500':
      return call.json
        ? {type: 'ServerException', message: 'Internal server error', status: 500}
        : {type: 'InternalFailure', message: 'We encountered an internal error. Please try again.', status: 500};
    case 'error':
      return {type: fault.type, message: fault.message, ...(fault.status !== undefined && {status: fault.status})};
    case 'timeout':
    case 'reset':
    case 'afterwards-reset':
  }
  return undefined;
}

function denied(call: AwsCall, principalArn: string): AwsError {
  const action = `${call.service}:${call.operation}`;
  if (call.operation === 'AssumeRoleWithWebIdentity')
    return {type: 'AccessDenied', message: `Not authorized to perform ${action}`, status: 403};
  const message = `User: ${principalArn} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`;
  return call.json ? {type: 'AccessDeniedException', message} : {type: 'AccessDenied', message, status: 403};
}
