import type {Answered, Cause} from './errors.ts';

/** Reads the Kubernetes Status of an answer of 400 and above; where a proxy answered instead, only the status is told. */
export function answeredBy(status: number, body: string, retryAfter: number | undefined): Answered {
  const answered = statusOf(parsed(body), status);
  const {retryAfter: fromBody} = answered;
  const seconds = retryAfter ?? fromBody;
  return {...answered, ...(seconds !== undefined && {retryAfter: seconds})};
}

/** The Status that a watch sends in an ERROR event. */
export function answeredInWatch(object: unknown): Answered {
  const code = (object as {code?: unknown} | undefined)?.code;
  return statusOf(object, typeof code === 'number' ? code : 500);
}

/** What Retry-After says, in seconds: a number, or (from proxies) a date. */
export function retryAfterSeconds(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

interface Status {
  readonly kind?: unknown;
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: {
    readonly kind?: string;
    readonly name?: string;
    readonly causes?: readonly {readonly reason?: string; readonly field?: string}[];
    readonly retryAfterSeconds?: number;
  };
}

function statusOf(value: unknown, status: number): Answered {
  const {kind, reason, message, details} = (value ?? {}) as Status;
  if (kind !== 'Status') return {status, reason: plainReasons[status] ?? 'Unknown', message: `answered ${status} without a reason`};
  const seconds = details?.retryAfterSeconds;
  const text = typeof message === 'string' && message !== '' ? message : `answered ${status}`;
  return {
    status,
    reason: typeof reason === 'string' && reason !== '' ? reason : (plainReasons[status] ?? 'Unknown'),
    message: withoutTokens(text),
    causes: (details?.causes ?? []).map((cause) => causeOf(cause)),
    ...(details !== undefined && {about: details}),
    ...(seconds !== undefined && seconds > 0 && {retryAfter: seconds}),
  };
}

function causeOf({reason, field}: Cause): Cause {
  return {...(reason !== undefined && {reason}), ...(field !== undefined && {field})};
}

const plainReasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Webhooks write their own messages, and some quote what they were sent. */
function withoutTokens(text: string): string {
  return text.replaceAll(/\b(Bearer|Basic)\s+\S+/gi, '$1 …').replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
