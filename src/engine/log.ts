import {type DestinationStream, type Logger, pino, stdTimeFunctions} from 'pino';

export type {Logger};

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const secretFields = [
  'token',
  'secret',
  'password',
  'authorization',
  'Authorization',
  'authorizationToken',
  'auth',
  'auths',
  'credentials',
  'secretAccessKey',
  'sessionToken',
  'webIdentityToken',
  'data',
  'stringData',
  'headers',
  'body',
  'dockerconfigjson',
];
const odd = ['[".dockerconfigjson"]'];
const depths = ['', '*.', '*.*.', '*.*.*.'];

/** Every place, up to four deep, where a field could hold something that must not be read by others. */
export const redactedPaths: readonly string[] = depths.flatMap((depth) => [
  ...secretFields.map((field) => `${depth}${field}`),
  ...odd.map((field) => `${depth.replace(/\.$/, '')}${field}`),
]);

/**
 * The log: JSON, one line each, with the keys that Kubernetes' controllers use. Messages are static and lower-case; what
 * varies is a field. Fields that could hold a secret are shown as `[redacted]`, whoever put them there.
 */
export function createLog(options: {readonly level?: (typeof levels)[number]; readonly destination?: DestinationStream} = {}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {level: (label) => ({level: label})},
      redact: {paths: [...redactedPaths], censor: '[redacted]'},
      serializers: {err: errorText},
    },
    options.destination ?? pino.destination({dest: 1, sync: false}),
  );
}

export interface ErrorText {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly requestId?: string;
  readonly stack?: string;
  readonly cause?: ErrorText;
}

/**
 * What a log may tell of an error: its name, message, code, request id, where it was thrown, and the same of its cause. No
 * other field, because HTTP clients hang requests and answers on errors; and of the message nothing from where
 * client-node's errors go on with the answer's body and headers.
 */
export function errorText(error: unknown, depth = 0): ErrorText {
  if (!(error instanceof Error)) return {type: typeof error, message: typeof error === 'string' ? withoutBody(error) : 'not an Error'};
  const {code, requestId} = error as {readonly code?: unknown; readonly requestId?: unknown};
  const stack = framesOf(error);
  return {
    type: error.name,
    message: withoutBody(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && {code}),
    ...(typeof requestId === 'string' && {requestId}),
    ...(stack !== '' && {stack}),
    ...(error.cause !== undefined && depth < 4 && {cause: errorText(error.cause, depth + 1)}),
  };
}

function withoutBody(message: string): string {
  return message.split(/\n?(?:Body|Headers):/, 1)[0] ?? '';
}

/** The frames only: a stack begins with the message. */
function framesOf(error: Error): string {
  const lines = error.stack?.split('\n') ?? [];
  return lines.filter((line) => /^\s+at /.test(line)).join('\n');
}
