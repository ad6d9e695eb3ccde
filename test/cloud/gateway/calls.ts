import type {AwsCall, Reply} from './message.ts';

/** An AWS API call that the gateway saw. */
export interface RecordedCall {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** Where the call names one. */
  readonly repositoryName?: string;
  /** HTTP status; 0 where the caller got no answer. */
  readonly status: number;
  /** The error's type, where it was one. */
  readonly error?: string;
  /** ISO 8601, when it came in. */
  readonly time: string;
  readonly milliseconds: number;
  readonly accessKeyId?: string;
  /** The caller's ARN where the gateway has seen the session being made. */
  readonly principal?: string;
}

/** Who is behind an access key, learnt from the STS answers that pass through. */
export interface Principals {
  arnOf(accessKeyId: string | undefined): string | undefined;
  /** Remembers the session that a successful AssumeRole… made. */
  learn(call: AwsCall, reply: Reply): void;
  /** Ends every session that was made so far, whatever time it had left. */
  endSessions(): void;
  hasEnded(accessKeyId: string | undefined): boolean;
}

export function principalsSeen(rootAccessKeyId: string, accountId: string): Principals {
  const arns = new Map([[rootAccessKeyId, `arn:aws:iam::${accountId}:root`]]);
  const ended = new Set<string>();
  return {
    endSessions() {
      for (const accessKeyId of arns.keys()) if (accessKeyId !== rootAccessKeyId) ended.add(accessKeyId);
    },
    hasEnded: (accessKeyId) => accessKeyId !== undefined && ended.has(accessKeyId),
    arnOf: (accessKeyId) => (accessKeyId === undefined ? undefined : arns.get(accessKeyId)),
    learn(call, reply) {
      if (call.service !== 'sts' || reply.status !== 200 || !call.operation.startsWith('AssumeRole')) return;
      const text = reply.body.toString();
      const key = /AccessKeyId(?:>|"\s*:\s*")([A-Z0-9]+)/.exec(text)?.[1];
      const arn = /Arn(?:>|"\s*:\s*")(arn:[^<"]+)/.exec(text)?.[1];
      if (key !== undefined && arn !== undefined) arns.set(key, arn);
    },
  };
}
