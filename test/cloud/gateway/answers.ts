import {randomUUID} from 'node:crypto';
import type {AwsCall, Json, Reply} from './message.ts';

/** An AWS error, before it is put into the protocol of the service that gives it. */
export interface AwsError {
  readonly type: string;
  readonly message: string;
  /** HTTP status; 400 where left out. */
  readonly status?: number;
}

/** A successful answer of the JSON protocol. */
export function jsonAnswer(value: Json): Reply {
  return jsonReply(200, value);
}

/** An error in the protocol of the call: `{"__type", "message"}`, or `<ErrorResponse>`. */
export function errorAnswer(call: Pick<AwsCall, 'json' | 'service'>, error: AwsError): Reply {
  const status = error.status ?? 400;
  if (call.json) return jsonReply(status, {__type: error.type, message: error.message});
  const requestId = randomUUID();
  const text =
    `<ErrorResponse xmlns="https://${call.service}.amazonaws.com/doc/2011-06-15/"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
    `<Code>${escape(error.type)}</Code><Message>${escape(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return {status, headers: {'content-type': 'text/xml', 'x-amzn-requestid': requestId}, body: Buffer.from(text)};
}

/** `InvalidParameterException` in ECR's words. */
export function invalid(parameter: string, constraint: string): AwsError {
  return {type: 'InvalidParameterException', message: `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`};
}

/** The OCI distribution error that the registry gives. */
export function registryError(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: {'content-type': 'application/json; charset=utf-8', 'docker-distribution-api-version': 'registry/2.0', ...headers},
    body: Buffer.from(`${JSON.stringify({errors: [{code, message}]})}\n`),
  };
}

function jsonReply(status: number, value: Json): Reply {
  const headers = {'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID()};
  return {status, headers, body: Buffer.from(JSON.stringify(value))};
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
