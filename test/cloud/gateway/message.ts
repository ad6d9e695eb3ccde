import type {IncomingHttpHeaders, OutgoingHttpHeaders} from 'node:http';

export type Json = Readonly<Record<string, unknown>>;

/** An AWS API call, read whole. */
export interface AwsCall {
  /** `ecr`, `sts`, `iam`, … as in the credential scope. */
  readonly service: string;
  /** The API operation, or `Unknown` where the request names none. */
  readonly operation: string;
  readonly region: string;
  readonly accessKeyId?: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the answer is to be JSON (otherwise the Query protocol's XML). */
  readonly json: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** Reads what kind of AWS call a request is, from its headers, its credential scope and, for the Query protocol, its body. */
export function readCall(
  request: {readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer},
  defaultRegion: string,
): AwsCall {
  const {headers, body} = request;
  const scope = /Credential=([^/,\s]+)\/\d+\/([^/]*)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '');
  const target = String(headers['x-amz-target'] ?? '');
  const query = target === '' ? new URLSearchParams(body.toString('utf8')) : undefined;
  const operation = (query ? query.get('Action') : target.split('.').at(-1)) ?? '';
  return {
    ...request,
    service: serviceOf(target) ?? scope?.[3] ?? (operation.startsWith('Assume') ? 'sts' : 'unknown'),
    operation: operation === '' ? 'Unknown' : operation,
    region: scope?.[2] ?? defaultRegion,
    ...(scope?.[1] !== undefined && {accessKeyId: scope[1]}),
    json: target !== '',
  };
}

/** By the prefix that the JSON protocol names its operations with. */
function serviceOf(target: string): string | undefined {
  if (target.startsWith('AmazonEC2ContainerRegistry_V')) return 'ecr';
  return target.startsWith('SpencerFrontendService.') ? 'ecr-public' : undefined;
}

/** The input of a JSON call; `undefined` where the body is not a JSON object. */
export function inputOf(call: AwsCall): Json | undefined {
  return parseObject(call.body);
}

/** A text, or the empty one where the value is something else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A JSON object, or `undefined`. An empty text counts as an empty object. */
export function parseObject(text: Buffer | string): Json | undefined {
  if (text.length === 0) return {};
  try {
    const value: unknown = JSON.parse(text.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
