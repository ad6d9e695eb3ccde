import type {Answered} from './errors.ts';
import type {KubeError} from './errors.ts';

/** The request cannot have reached the server. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const certificateCodes = /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;

/** What an error of the connection is, in words: its code, and never what it carries along (sockets, headers, text that was parsed). */
export function failureOf(error: unknown): Answered {
  if (error instanceof SyntaxError) return {status: 0, reason: 'MalformedAnswer', message: 'the answer is not JSON'};
  const {name, message} = error instanceof Error ? error : {name: '', message: String(error)};
  const code = codeOf(error);
  if (name === 'TimeoutError') return {status: 0, reason: 'Timeout', message: 'no answer in time'};
  if (code !== undefined && unsentCodes.has(code)) return {status: 0, reason: 'Unreachable', message: `cannot connect (${code})`};
  if (code !== undefined && certificateCodes.test(code)) return {status: 0, reason: 'BadCertificate', message: `${message} (${code})`};
  return {status: 0, reason: 'ConnectionFailed', message: code === undefined ? message : `the connection broke (${code})`};
}

/** Nothing was sent, so even what must not be done twice can be sent again. */
export function isUnsent(error: KubeError): boolean {
  return error.reason === 'Unreachable';
}

function codeOf(error: unknown): string | undefined {
  const code = (error as {code?: unknown} | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Waits no longer than `signal` allows, for what knows no signal itself or must not be trusted to heed it. */
export async function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const {promise: aborted, reject} = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, {once: true});
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
