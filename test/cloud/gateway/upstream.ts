import {Agent, request as httpRequest} from 'node:http';
import type {IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders} from 'node:http';
import type {Reply} from './message.ts';

const agent = new Agent({keepAlive: true, maxSockets: 64, scheduling: 'lifo'});
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-authorization',
  'proxy-authenticate',
]);

export interface Outgoing {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders | IncomingHttpHeaders;
}

/** One exchange with a server behind the gateway, read whole. A connection that had gone stale is replaced once. */
export async function exchange(base: URL, outgoing: Outgoing, body: Buffer): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    const request = open(base, {...outgoing, headers: {...outgoing.headers, 'content-length': String(body.length)}});
    request.end(body);
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return {status: response.statusCode ?? 502, headers: passedHeaders(response.headers), body: Buffer.concat(chunks)};
    } catch (error) {
      if (!request.reusedSocket || attempt > 1) throw error;
    }
  }
}

/** Starts a request to a server behind the gateway, for streaming. */
export function open(base: URL, outgoing: Outgoing): ReturnType<typeof httpRequest> {
  return httpRequest({
    agent,
    host: base.hostname,
    port: base.port,
    method: outgoing.method,
    path: outgoing.path,
    headers: passedHeaders(outgoing.headers),
    setHost: false,
  });
}

/** The headers that belong to the message and not to one connection. */
export function passedHeaders(headers: OutgoingHttpHeaders | IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== undefined && !hopByHop.has(name.toLowerCase())));
}
