import {errorAnswer} from './answers.ts';
import type {AwsError} from './answers.ts';
import {parseObject, textOf} from './message.ts';
import type {AwsCall, Json, Reply} from './message.ts';
import {exchange} from './upstream.ts';

// Those that moto 5.2.5 has.
const operations = new Set([
  'BatchCheckLayerAvailability',
  'BatchDeleteImage',
  'BatchGetImage',
  'BatchGetRepositoryScanningConfiguration',
  'CompleteLayerUpload',
  'CreateRepository',
  'DeleteLifecyclePolicy',
  'DeleteRegistryPolicy',
  'DeleteRepository',
  'DeleteRepositoryPolicy',
  'DescribeImageScanFindings',
  'DescribeImages',
  'DescribeRegistry',
  'DescribeRepositories',
  'GetLifecyclePolicy',
  'GetRegistryPolicy',
  'GetRegistryScanningConfiguration',
  'GetRepositoryPolicy',
  'InitiateLayerUpload',
  'ListImages',
  'ListTagsForResource',
  'PutImage',
  'PutImageScanningConfiguration',
  'PutImageTagMutability',
  'PutLifecyclePolicy',
  'PutRegistryPolicy',
  'PutRegistryScanningConfiguration',
  'PutReplicationConfiguration',
  'SetRepositoryPolicy',
  'StartImageScan',
  'TagResource',
  'UntagResource',
  'UploadLayerPart',
]);

/** What an ECR operation of moto gave. */
export type Outcome = {readonly value: Json; readonly error?: undefined} | {readonly error: AwsError; readonly value?: undefined};

/** Moto's ECR, which holds the state of repositories and images. */
export interface Moto {
  /** The caller's own request, with another input where one is given. What moto lacks becomes an error that says so. */
  forward(call: AwsCall, input?: Json): Promise<Reply>;
  /** A call of the gateway's own. */
  ask(region: string, operation: string, input: Json): Promise<Outcome>;
}

export function motoAt(base: URL): Moto {
  return {
    async forward(call, input) {
      if (!operations.has(call.operation)) return lacking(call);
      const body = input ? Buffer.from(JSON.stringify(input)) : call.body;
      return understandable(call, await exchange(base, call, body));
    },
    async ask(region, operation, input) {
      const headers = {
        host: base.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${operation}`,
        // Moto reads the region from the scope and checks no signature.
        authorization: `AWS4-HMAC-SHA256 Credential=gateway/20200101/${region}/ecr/aws4_request, SignedHeaders=host, Signature=0`,
      };
      const reply = await exchange(base, {method: 'POST', path: '/', headers}, Buffer.from(JSON.stringify(input)));
      return outcomeOf(understandable({json: true, service: 'ecr', operation}, reply));
    },
  };
}

/** What a reply of the JSON protocol says. */
export function outcomeOf(reply: Reply): Outcome {
  const value = parseObject(reply.body) ?? {};
  if (reply.status < 300) return {value};
  return {error: {type: typeOf(value), message: textOf(value['message'] ?? value['Message']), status: reply.status}};
}

/** The error type of a JSON error body, without its namespace and URL. */
export function typeOf(value: Json): string {
  const type = textOf(value['__type'] ?? value['code']);
  return (type.split('#').at(-1) ?? type).split(':')[0] ?? type;
}

// Where it lacks an operation or fails in one, moto answers with the same page of HTML.
function understandable(call: Pick<AwsCall, 'json' | 'service' | 'operation'>, reply: Reply): Reply {
  if (reply.status < 400 || parseObject(reply.body)) return reply;
  const title = /<title>([^<]*)/.exec(reply.body.toString())?.[1]?.trim() ?? `HTTP ${reply.status}`;
  return errorAnswer(call, {type: 'StandInFailure', message: `This stand-in for ECR (moto) failed in ${call.operation}: ${title}`});
}

function lacking(call: AwsCall): Reply {
  return errorAnswer(call, {type: 'InvalidAction', message: `This stand-in for ECR (moto) does not have the operation ${call.operation}`});
}
