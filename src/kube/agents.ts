import type {Socket} from 'node:net';
import type {TLSSocket} from 'node:tls';
import {setTimeout as sleep} from 'node:timers/promises';
import {Agent, buildConnector, ProxyAgent} from 'undici';
import type {Dispatcher} from 'undici';
import type {Tls} from './credentials.ts';

/** Connections to one API server as one user: one for requests, one for watches, so that neither stalls the other. */
export interface Agents {
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
  /** Lets what is under way end. */
  close(): Promise<void>;
  /** The same for requests, for a second at most; then everything is broken off, what waits by `breakOff`. */
  end(breakOff: () => void): Promise<void>;
}

export interface AgentOptions {
  readonly proxyUrl?: string | undefined;
  /** Milliseconds between HTTP/2 PINGs. */
  readonly pingInterval: number;
  /** Milliseconds for TCP and TLS. */
  readonly connectTimeout: number;
}

/** A dead connection is noticed after three unanswered PINGs: 30 s, where client-go takes 45 s. */
export const defaultAgentOptions: AgentOptions = {pingInterval: 10_000, connectTimeout: 10_000};

const pingsUnanswered = 3;
const endMilliseconds = 1000;

export function openAgents(tls: Tls, options: AgentOptions): Agents {
  const requests = openAgent(tls, options, httpOneConnections);
  const watches = openAgent(tls, options, undefined);
  return {
    requests,
    watches,
    close: async () => {
      await Promise.all([requests.close(), watches.close()]);
    },
    async end(breakOff) {
      const over = new AbortController();
      const patience = sleep(endMilliseconds, undefined, {signal: over.signal}).catch(() => {});
      await Promise.race([requests.close(), patience]);
      over.abort();
      breakOff();
      await Promise.all([requests.destroy(), watches.destroy()]);
    },
  };
}

/** Only where HTTP/1.1 is all that a proxy speaks: with HTTP/2, one connection carries what the server allows (250 at once). */
const httpOneConnections = 32;
const streams = 1000;

function openAgent(tls: Tls, options: AgentOptions, connections: number | undefined): Dispatcher {
  const connect = {...tls, allowH2: true, preferH2: true, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: options.connectTimeout};
  const shared = {
    ...(connections !== undefined && {connections}),
    keepAliveTimeout: 60_000,
    // Calls have their own time-outs, and a quiet watch is not a broken one.
    headersTimeout: 0,
    bodyTimeout: 0,
    h2Options: {pingInterval: options.pingInterval, maxConcurrentStreams: streams},
  };
  if (options.proxyUrl !== undefined) return new ProxyAgent({...shared, uri: options.proxyUrl, requestTls: connect});
  const connector = buildConnector(connect);
  return new Agent({
    ...shared,
    connect: (target, callback) =>
      connector(target, (...result) => {
        const [, socket] = result;
        if (socket) watchPulse(socket, options.pingInterval);
        callback(...result);
      }),
  });
}

/**
 * undici sends PINGs and does not mind if no answer comes, so a peer that vanished without a word would hold every
 * stream until TCP gives up (a quarter of an hour). Any byte counts as a pulse. Beats are counted, not time, so that
 * an event loop that was held up cannot cut a healthy connection.
 */
function watchPulse(socket: Socket | TLSSocket, interval: number): void {
  if (!('alpnProtocol' in socket) || socket.alpnProtocol !== 'h2') return;
  let seen = socket.bytesRead;
  let silent = 0;
  const timer = setInterval(() => {
    silent = socket.bytesRead === seen ? silent + 1 : 0;
    seen = socket.bytesRead;
    if (silent > pingsUnanswered) socket.destroy(new Error('the API server no longer answers HTTP/2 PINGs'));
  }, interval).unref();
  socket.once('close', () => clearInterval(timer));
}
