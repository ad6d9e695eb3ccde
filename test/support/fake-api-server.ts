import {once} from 'node:events';
import {createSecureServer} from 'node:http2';
import type {Http2SecureServer, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session} from 'node:http2';
import {createServer as createHttpsServer} from 'node:https';
import type {AddressInfo, Socket} from 'node:net';
import type {KubeObject} from '../../src/schema/object.ts';
import {makeCertificate} from './certificate.ts';
import type {Certificate} from './certificate.ts';
import {createObjects} from './fake-objects.ts';
import type {FakeEvent, FakeObjects} from './fake-objects.ts';

/** What arrived. */
export interface Arrival {
  readonly at: number;
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly httpVersion: string;
  readonly connection: number;
}

/** Answers instead of the server; undefined lets the server answer. */
export type Fault = (arrival: Arrival, response: Http2ServerResponse) => boolean;

export interface FakeServer {
  readonly url: string;
  readonly certificate: Certificate;
  readonly objects: FakeObjects;
  readonly arrivals: Arrival[];
  /** Connections ever made, and open now. */
  connections(): {readonly made: number; readonly open: number};
  /** Asked first for every request; the first that returns true has answered. */
  readonly faults: Set<Fault>;
  /** Cuts every watch at a clean end, in the middle of a line, or with an ERROR event. */
  endWatches(how: 'cleanly' | 'mid-line' | 'expired'): void;
  /** Watches that are open now, or opened until it is off, stay open and never say a word again. */
  silence(on: boolean): void;
  bookmark(): void;
  watches(): number;
  /** Breaks every connection, and goes on listening. */
  breakConnections(): void;
  /** Breaks every connection and listens no more, as a killed process. */
  kill(): Promise<void>;
  /** Listens again on the same port; with another certificate if one is given. */
  revive(certificate?: Certificate): Promise<void>;
}

interface OpenWatch {
  readonly response: Http2ServerResponse;
  readonly path: string;
  readonly selector: string | null;
  mute: boolean;
}

/** An API server on loopback over HTTPS and HTTP/2 (and HTTP/1.1 where a client asks for it). */
export async function startFakeServer(
  options: {readonly certificate?: Certificate; readonly clientCa?: string; readonly allowH2?: boolean} = {},
): Promise<FakeServer> {
  const objects = createObjects();
  const arrivals: Arrival[] = [];
  const faults = new Set<Fault>();
  const watches = new Set<OpenWatch>();
  const sockets = new Map<Socket, number>();
  // Also those that are not yet through with TLS.
  const raw = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let certificate = options.certificate ?? makeCertificate();
  let made = 0;
  let silent = false;
  let port = 0;
  let server: Http2SecureServer | undefined;

  objects.onEvent((event) => {
    for (const watch of watches) send(watch, event);
  });

  function send(watch: OpenWatch, {type, object, path}: FakeEvent): void {
    if (watch.mute || path !== watch.path) return;
    if (watch.selector !== null && !matches(watch.selector, object)) return;
    watch.response.write(`${JSON.stringify({type, object})}\n`);
  }

  async function handle(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    // With HTTP/1.1 there is no stream, whatever the type says.
    const stream: typeof request.stream | undefined = request.stream;
    const socket: Socket = stream?.session?.socket ?? request.socket;
    const arrival: Arrival = {
      at: Date.now(),
      method: request.method,
      url: new URL(request.url, 'https://fake'),
      headers: request.headers,
      body,
      httpVersion: request.httpVersion,
      connection: connectionOf(socket),
    };
    arrivals.push(arrival);
    response.on('error', () => {});
    response.setHeader('content-type', 'application/json');
    for (const fault of faults) if (fault(arrival, response)) return;
    if (arrival.url.searchParams.get('watch') === 'true') watch(arrival, response);
    else answer(response, objects.answer(arrival.method, arrival.url, body, arrival.headers['content-type']));
  }

  function connectionOf(socket: Socket): number {
    for (const [known, number] of sockets) if (known.remotePort === socket.remotePort) return number;
    return -1;
  }

  function watch({url}: Arrival, response: Http2ServerResponse): void {
    const from = Number(url.searchParams.get('resourceVersion'));
    const opened = {response, path: url.pathname, selector: url.searchParams.get('labelSelector'), mute: silent};
    response.writeHead(200);
    const missed = objects.since(from);
    if (missed === undefined) {
      response.end(`${JSON.stringify({type: 'ERROR', object: expired})}\n`);
      return;
    }
    // Headers leave at once, as from kube-apiserver.
    response.write('\n');
    for (const event of missed) send(opened, event);
    watches.add(opened);
    response.on('close', () => watches.delete(opened));
    const seconds = Number(url.searchParams.get('timeoutSeconds'));
    const timer = setTimeout(() => (opened.mute ? undefined : response.end()), seconds * 1000).unref();
    response.on('close', () => clearTimeout(timer));
  }

  async function listen(): Promise<void> {
    const clients = options.clientCa === undefined ? {} : {ca: options.clientCa, requestCert: true};
    const tls = {...certificate, ...clients};
    const started =
      options.allowH2 === false
        ? (createHttpsServer(tls) as unknown as Http2SecureServer)
        : createSecureServer({...tls, allowHTTP1: true, settings: {maxConcurrentStreams: 250}});
    server = started;
    started.on('request', (request, response) => {
      handle(request, response).catch(() => response.destroy());
    });
    started.on('sessionError', () => {});
    started.on('session', (session) => {
      sessions.add(session);
      session.on('error', () => {});
      session.on('close', () => sessions.delete(session));
    });
    started.on('connection', (socket: Socket) => {
      raw.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => raw.delete(socket));
    });
    started.on('secureConnection', (socket) => {
      made += 1;
      sockets.set(socket, made);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    });
    started.listen(port, '127.0.0.1');
    await once(started, 'listening');
    port = (started.address() as AddressInfo).port;
  }

  await listen();
  return {
    get url() {
      return `https://127.0.0.1:${port}`;
    },
    get certificate() {
      return certificate;
    },
    objects,
    arrivals,
    faults,
    connections: () => ({made, open: sockets.size}),
    endWatches(how) {
      const endings = {
        cleanly: '',
        'mid-line': '{"type":"MODIFIED","object":{"metadata":{"na',
        expired: `${JSON.stringify({type: 'ERROR', object: expired})}\n`,
      };
      for (const {response, mute} of watches) if (!mute) response.end(endings[how]);
    },
    silence: (on) => {
      silent = on;
      if (on) for (const watch of watches) watch.mute = true;
    },
    bookmark: () => {
      for (const {response, mute} of watches) if (!mute) response.write(`${JSON.stringify(objects.bookmark())}\n`);
    },
    watches: () => watches.size,
    breakConnections: () => {
      for (const socket of raw) socket.destroy();
    },
    async kill() {
      const stopping = server;
      if (stopping === undefined) return;
      server = undefined;
      const closed = once(stopping, 'close');
      stopping.close();
      for (const session of sessions) session.destroy();
      for (const socket of raw) socket.destroy();
      await closed;
    },
    async revive(other) {
      certificate = other ?? certificate;
      await listen();
    },
  };
}

const expired = {kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old resource version'};

function answer(response: Http2ServerResponse, {status, body}: {readonly status: number; readonly body: unknown}): void {
  response.writeHead(status);
  response.end(JSON.stringify(body));
}

function matches(selector: string, object: KubeObject): boolean {
  return selector.split(',').every((term) => {
    const [label = '', value] = term.split('=');
    return object.metadata.labels?.[label] === value;
  });
}

/** A fault that answers with a Status; `times` of them, then no more. */
export function answering(
  code: number,
  options: {
    readonly times?: number;
    readonly where?: (arrival: Arrival) => boolean;
    readonly retryAfter?: string;
    readonly status?: object;
  } = {},
): Fault {
  let left = options.times ?? Number.POSITIVE_INFINITY;
  return (arrival, response) => {
    if (left <= 0 || options.where?.(arrival) === false) return false;
    left -= 1;
    response.writeHead(code, options.retryAfter === undefined ? {} : {'retry-after': options.retryAfter});
    response.end(JSON.stringify({kind: 'Status', code, message: `fault ${code}`, ...options.status}));
    return true;
  };
}
