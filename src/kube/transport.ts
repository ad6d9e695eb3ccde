import type {Dispatcher} from 'undici';
import {defaultAgentOptions, openAgents} from './agents.ts';
import type {AgentOptions, Agents} from './agents.ts';
import {answeredBy, retryAfterSeconds} from './answer.ts';
import type {Config} from './config.ts';
import {createCredentialSource} from './credentials.ts';
import type {CredentialSource, Credentials, Tls} from './credentials.ts';
import {isUnavailable, KubeError} from './errors.ts';
import type {Asked} from './errors.ts';
import {failureOf, isUnsent, withSignal} from './failure.ts';
import {pathOf} from './paths.ts';
import {defaultRetry, withRetries} from './retry.ts';
import type {RetryDoors, RetryOptions} from './retry.ts';

/** One request. */
export interface Call {
  readonly asked: Asked;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly contentType?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether doing it twice is as good as once: only then is it sent again after an error that may have come too late. */
  readonly idempotent: boolean;
  /** Milliseconds for one attempt; default that of the transport. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface Transport {
  /** The answer, read as JSON. Throws KubeError; rethrows the reason of `signal`. */
  json(call: Call): Promise<unknown>;
  /** The answer as it comes. Not retried, and without a time-out once it has begun: for watches. */
  stream(call: Call): Promise<AsyncIterable<Uint8Array>>;
  /** Ends after the calls that are under way; watches are cut. */
  close(): Promise<void>;
}

export interface TransportOptions extends Partial<AgentOptions> {
  /** Said to the API server as `drayage/<version>`. */
  readonly version: string;
  readonly config: Config;
  /** Milliseconds for one attempt. Default 30 s. */
  readonly timeout?: number;
  readonly retry?: RetryOptions;
  readonly doors: RetryDoors;
  /** Told of each attempt: the HTTP status, or `<error>` where no answer came; for metrics. */
  readonly onAnswer?: (code: string, method: string, host: string) => void;
}

export function createTransport(options: TransportOptions): Transport {
  const {config, doors, timeout = 30_000, retry = defaultRetry} = options;
  const source = createCredentialSource(config, doors.now);
  const over = new AbortController();
  const agentsFor = rememberAgents({...defaultAgentOptions, ...options, proxyUrl: config.cluster.proxyUrl});
  const server = new URL(config.cluster.server);
  const base = server.pathname.replace(/\/$/, '');
  const headers = {accept: 'application/json', 'user-agent': `drayage/${options.version}`};

  async function send(call: Call, pick: (agents: Agents) => Dispatcher, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const path = `${base}${pathOf(call.asked)}${queryText(call.query)}`;
    try {
      const credentials = await credentialsFor(call, signal);
      const response = await pick(agentsFor.get(credentials.tls)).request({
        origin: server.origin,
        path,
        method: call.method,
        headers: {...headers, ...credentials.headers, ...(call.contentType !== undefined && {'content-type': call.contentType})},
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal,
      });
      options.onAnswer?.(String(response.statusCode), call.method, server.host);
      if (response.statusCode < 400) return response;
      throw new KubeError(call.asked, await refusal(response, doors.now()));
    } catch (error) {
      if (!(error instanceof KubeError)) options.onAnswer?.('<error>', call.method, server.host);
      throw thrown(call, over.signal, error);
    }
  }

  async function credentialsFor(call: Call, signal: AbortSignal): Promise<Credentials> {
    try {
      return await withSignal(source.credentials(), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      throw new KubeError(call.asked, {status: 0, reason: 'NoCredentials', message: (error as Error).message});
    }
  }

  async function attempt(call: Call): Promise<unknown> {
    const signal = AbortSignal.any([over.signal, limited(call, call.timeout ?? timeout)]);
    const response = await send(call, (agents) => agents.requests, signal);
    try {
      return await withSignal(response.body.json(), signal);
    } catch (error) {
      throw thrown(call, over.signal, error);
    }
  }

  async function json(call: Call): Promise<unknown> {
    return withRetries(
      () => withFreshCredentials(source, () => attempt(call)),
      (error) => mayRetry(call, error),
      retry,
      doors,
      call.signal,
    );
  }

  async function stream(call: Call): Promise<AsyncIterable<Uint8Array>> {
    const begun = new AbortController();
    const timer = setTimeout(() => begun.abort(new DOMException('no answer in time', 'TimeoutError')), call.timeout ?? timeout);
    const signal = call.signal === undefined ? begun.signal : AbortSignal.any([call.signal, begun.signal]);
    try {
      const response = await withFreshCredentials(source, () => send(call, (agents) => agents.watches, signal));
      return chunksUntil(response.body, call.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    json,
    stream,
    async close() {
      // What was broken off is not tried again, or it would do so on a connection that nobody ends.
      await agentsFor.close(() => over.abort(new DOMException('the transport is closed', 'AbortError')));
    },
  };
}

/** The chunks, until `signal` aborts, even if the stream itself should never notice: a reflector hangs on it. */
async function* chunksUntil(body: Dispatcher.ResponseData['body'], signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await (signal === undefined ? chunks.next() : withSignal(chunks.next(), signal));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    body.on('error', () => {}).destroy();
  }
}

function limited(call: Call, milliseconds: number): AbortSignal {
  const limit = AbortSignal.timeout(milliseconds);
  return call.signal === undefined ? limit : AbortSignal.any([call.signal, limit]);
}

function thrown(call: Call, over: AbortSignal, error: unknown): unknown {
  if (error instanceof KubeError) return error;
  if (over.aborted) return over.reason;
  if (call.signal?.aborted) return call.signal.reason;
  return new KubeError(call.asked, failureOf(error));
}

/** A token that was just rotated is refused once: ask for a new one, and only once. */
async function withFreshCredentials<T>(source: CredentialSource, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 401) throw error;
    source.forget();
    return call();
  }
}

/** The server did nothing with a call that it refused as one too many, or that never reached it. */
function mayRetry(call: Call, error: KubeError): boolean {
  if (error.status === 429 || isUnsent(error)) return true;
  return call.idempotent && isUnavailable(error) && !lasting.has(error.reason);
}

const lasting: ReadonlySet<string> = new Set(['BadCertificate', 'NoCredentials']);

async function refusal(response: Dispatcher.ResponseData, now: number) {
  const header = response.headers['retry-after'];
  const body = await response.body.text();
  return answeredBy(response.statusCode, body, retryAfterSeconds(Array.isArray(header) ? header[0] : header, now));
}

function queryText(query: Call['query']): string {
  const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** One pair of agents for as long as CA, certificate and key stay what they are. */
function rememberAgents(options: AgentOptions) {
  let current: {readonly tls: Tls; readonly agents: Agents} | undefined;
  return {
    get(tls: Credentials['tls']): Agents {
      if (current !== undefined && sameTls(current.tls, tls)) return current.agents;
      // Calls on the old connection end in their own time; watches move when the server ends them.
      void current?.agents.close();
      current = {tls, agents: openAgents(tls, options)};
      return current.agents;
    },
    async close(breakOff: () => void): Promise<void> {
      const agents = current?.agents;
      current = undefined;
      await agents?.end(breakOff);
    },
  };
}

function sameTls(a: Tls, b: Tls): boolean {
  return (['ca', 'cert', 'key', 'servername', 'rejectUnauthorized'] as const).every((field) => a[field] === b[field]);
}
