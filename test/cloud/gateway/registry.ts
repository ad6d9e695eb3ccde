import type {IncomingMessage, ServerResponse} from 'node:http';
import {pipeline} from 'node:stream/promises';
import {registryError} from './answers.ts';
import {registryHost} from './context.ts';
import type {Context} from './context.ts';
import {digestOf} from './images.ts';
import type {NewImage} from './images.ts';
import type {Reply} from './message.ts';
import {pathOf} from './pulls.ts';
import type {TokenSeen} from './tokens.ts';
import {exchange, open, passedHeaders} from './upstream.ts';

const manifestLimit = 4_194_304;

/**
 * The Docker Registry API of the ECR host: a token that was issued and has not ended, a repository that exists in ECR, and then
 * the real registry. What is pushed is told to moto, so that ListImages and its like know it.
 */
export async function answerRegistry(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET';
  const time = new Date().toISOString();
  const {kind, repositoryName, reference = ''} = pathOf(request.url ?? '/');
  const seen = tokenIn(context, request.headers.authorization);
  response.once('close', () => {
    const {state: token = 'none', fingerprint} = seen ?? {};
    const {statusCode: status} = response;
    context.pulls.add({
      time,
      method,
      kind,
      ...(repositoryName !== undefined && {repositoryName}),
      status,
      token,
      ...(fingerprint !== undefined && {fingerprint}),
    });
  });
  const refused = tokenRefusal(context, seen);
  if (refused) return send(request, response, refused);
  if (repositoryName === undefined) return stream(context, request, response);
  const missing = await context.images.repository(context.config.region, repositoryName);
  if (missing.error) return send(request, response, registryError(404, 'NAME_UNKNOWN', missing.error.message));
  if (method === 'DELETE') {
    return send(request, response, registryError(405, 'UNSUPPORTED', 'The operation is unsupported: use BatchDeleteImage'));
  }
  if (method === 'PUT' && kind === 'manifests') {
    return send(request, response, await putManifest(context, request, repositoryName, reference));
  }
  return stream(context, request, response);
}

/** The token that a request shows; undefined where it shows none. */
function tokenIn({tokens}: Context, authorization: string | undefined): TokenSeen | undefined {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [, user, password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const seen = tokens.check(password);
  return user === 'AWS' ? seen : {...seen, state: 'unknown'};
}

function tokenRefusal({config}: Context, seen: TokenSeen | undefined): Reply | undefined {
  const challenge = {
    'www-authenticate': `Basic realm="https://${registryHost(config.accountId, config.region)}/",service="ecr.amazonaws.com"`,
  };
  if (seen === undefined) return registryError(401, 'UNAUTHORIZED', 'Not Authorized: authentication required', challenge);
  if (seen.state === 'expired') return registryError(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
  return seen.state === 'valid' ? undefined : registryError(400, 'DENIED', 'Your Authorization Token is invalid.');
}

async function putManifest(context: Context, request: IncomingMessage, repositoryName: string, reference: string): Promise<Reply> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > manifestLimit) return registryError(413, 'SIZE_INVALID', 'The manifest is larger than 4 MiB');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const mediaType = request.headers['content-type'];
  const image: NewImage = {
    repositoryName,
    manifest: body.toString('utf8'),
    ...(mediaType !== undefined && {mediaType}),
    ...(reference.includes(':') ? {digest: reference} : {tag: reference}),
  };
  const refused = await context.images.refusal(context.config.region, image);
  // To push the same image again is fine: the registry's answer is the same as the first time.
  if (refused?.type === 'ImageTagAlreadyExistsException') return registryError(400, 'TAG_INVALID', refused.message);
  const stored = await exchange(context.registry, {method: 'PUT', path: request.url ?? '', headers: request.headers}, body);
  if (stored.status !== 201 || refused?.type === 'ImageAlreadyExistsException') return stored;
  const put = await context.images.put(context.config.region, {...image, digest: digestOf(body)});
  if (put.error && put.error.type !== 'ImageAlreadyExistsException') {
    return registryError(500, 'UNKNOWN', `The stand-in could not record the image: ${put.error.type}: ${put.error.message}`);
  }
  return stored;
}

async function stream({registry}: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const outgoing = open(registry, {method: request.method ?? 'GET', path: request.url ?? '/', headers: request.headers});
  const answered = new Promise<IncomingMessage>((resolve, reject) => outgoing.once('response', resolve).once('error', reject));
  // The registry may answer, and close, before it has read all of a request that it refuses.
  pipeline(request, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  const incoming = await answered;
  response.writeHead(incoming.statusCode ?? 502, passedHeaders(incoming.headers));
  await pipeline(incoming, response);
}

async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  request.resume();
  response.writeHead(reply.status, {...reply.headers, 'content-length': reply.body.length});
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}
