import {createServer} from 'node:http';
import type {IncomingMessage, Server, ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {errorAnswer} from './answers.ts';
import type {AwsError} from './answers.ts';
import {principalsSeen} from './calls.ts';
import type {Context, GatewayConfig} from './context.ts';
import {answerControl, controlPrefix} from './control.ts';
import {answerEcr} from './ecr.ts';
import {answerEcrPublic} from './ecr-public.ts';
import {errorOf, faultList} from './faults.ts';
import type {Fault} from './faults.ts';
import {imagesOf} from './images.ts';
import {parseObject, readCall} from './message.ts';
import type {AwsCall, Reply} from './message.ts';
import {motoAt, typeOf} from './moto.ts';
import {oidcProviders} from './oidc-providers.ts';
import {recordsOf} from './records.ts';
import {answerRegistry} from './registry.ts';
import {secretsSeen} from './secrets-seen.ts';
import {answerOthers} from './sts-and-iam.ts';
import {tokenSet} from './tokens.ts';

/** The gateway's HTTP server, not yet listening. */
export function gatewayServer(config: GatewayConfig): Server {
  const moto = motoAt(new URL(config.moto));
  const registry = new URL(config.registry);
  const context: Context = {
    config,
    moto,
    registry,
    ministack: new URL(config.ministack),
    images: imagesOf(moto, registry, config.accountId),
    tokens: tokenSet(config.tokenSeconds),
    faults: faultList(),
    calls: recordsOf('calls'),
    pulls: recordsOf('registry requests'),
    principals: principalsSeen(config.rootAccessKeyId, config.accountId),
    secrets: secretsSeen(),
    oidcProviders: oidcProviders(),
    distance: {milliseconds: 0},
  };
  const server = createServer({requestTimeout: 0, keepAliveTimeout: 120_000}, (request, response) => {
    answer(context, request, response).catch((error: unknown) => {
      process.stderr.write(`${request.method} ${request.url?.split('?')[0]}: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
  });
  return server;
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path === '/v2' || path.startsWith('/v2/')) return answerRegistry(context, request, response);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (path.startsWith(controlPrefix)) {
    const {status, text} = answerControl(context, path.slice(controlPrefix.length), body);
    response.writeHead(status, {'content-type': 'application/json'}).end(text);
    return;
  }
  await answerAws(
    context,
    readCall({method: request.method ?? 'POST', path, headers: request.headers, body}, context.config.region),
    response,
  );
}

async function answerAws(context: Context, call: AwsCall, response: ServerResponse): Promise<void> {
  const started = performance.now();
  const time = new Date().toISOString();
  const record = (reply: Reply | undefined) => {
    const principal = context.principals.arnOf(call.accessKeyId);
    const error = reply && reply.status >= 400 ? errorTypeOf(reply) : undefined;
    context.calls.add({
      service: call.service,
      operation: call.operation,
      region: call.region,
      ...repositoryNamed(call),
      status: reply?.status ?? 0,
      time,
      milliseconds: Math.round((performance.now() - started) * 10) / 10,
      ...(error !== undefined && {error}),
      ...(call.accessKeyId !== undefined && {accessKeyId: call.accessKeyId}),
      ...(principal !== undefined && {principal}),
    });
  };
  if (context.distance.milliseconds > 0) await sleep(context.distance.milliseconds);
  const fault = context.faults.meet(call.operation);
  const reply = await replyTo(context, call, fault);
  record(reply);
  if (reply) response.writeHead(reply.status, {...reply.headers, 'content-length': reply.body.length}).end(reply.body);
  else if (fault?.is !== 'timeout') response.socket?.resetAndDestroy();
}

/** The reply that the caller gets; undefined where a fault keeps it from them. */
async function replyTo(context: Context, call: AwsCall, fault: Fault | undefined): Promise<Reply | undefined> {
  if (fault?.is === 'timeout' || fault?.is === 'reset') return undefined;
  const error =
    fault && errorOf(fault, call, context.principals.arnOf(call.accessKeyId) ?? `arn:aws:iam::${context.config.accountId}:user/unknown`);
  if (error) return errorAnswer(call, error);
  if (context.principals.hasEnded(call.accessKeyId)) return errorAnswer(call, sessionEnded(call));
  const reply = await serve(context, call);
  context.principals.learn(call, reply);
  context.secrets.learn(call, reply);
  return fault?.is === 'afterwards-reset' ? undefined : reply;
}

function serve(context: Context, call: AwsCall): Promise<Reply> {
  if (call.service === 'ecr') return answerEcr(context, call);
  return call.service === 'ecr-public' ? answerEcrPublic(context, call) : answerOthers(context, call);
}

function sessionEnded(call: AwsCall): AwsError {
  const message = 'The security token included in the request is expired';
  return call.json ? {type: 'ExpiredTokenException', message} : {type: 'ExpiredToken', message, status: 403};
}

function errorTypeOf(reply: Reply): string {
  const object = parseObject(reply.body);
  return object ? typeOf(object) : (/<Code>([^<]+)/.exec(reply.body.toString())?.[1] ?? `HTTP ${reply.status}`);
}

function repositoryNamed(call: AwsCall): {readonly repositoryName?: string} {
  const name = call.json ? parseObject(call.body)?.['repositoryName'] : undefined;
  return typeof name === 'string' ? {repositoryName: name} : {};
}
