import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Registry} from 'prom-client';

/** One reason to be unhealthy. `check` says what is wrong, or `undefined`. It must answer at once and touch nothing outside. */
export interface Check {
  readonly name: string;
  readonly check: () => string | undefined;
}

export interface HealthOptions {
  /** Default `0.0.0.0`; `::` takes IPv4 and IPv6. */
  readonly address?: string;
  /** 0 takes a free one. Default 8081. */
  readonly port?: number;
  /** For /healthz: where one fails, the kubelet restarts the process. */
  readonly live: readonly Check[];
  /** For /readyz. Never whether AWS can be reached: its outage must not take the pods away. */
  readonly ready: readonly Check[];
  /** For /metrics; left out, that is not found here. */
  readonly registry?: Registry;
}

export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Serves /healthz, /readyz and /metrics. As Kubernetes' own components: `ok`, or 500 with a list; `?verbose` always gives the
 * list; `/readyz/<name>` asks one check. Rejects where the port cannot be had.
 */
export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 8081, options.address ?? '0.0.0.0', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: HealthOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'method not allowed\n');
  const {pathname, searchParams} = new URL(request.url ?? '/', 'http://localhost');
  const [, area = '', name] = pathname.split('/');
  const {registry} = options;
  if (pathname === '/metrics' && registry !== undefined) return send(response, 200, await registry.metrics(), registry.contentType);
  if (area !== 'healthz' && area !== 'readyz') return send(response, 404, 'not found\n');
  const all = area === 'healthz' ? options.live : options.ready;
  const asked = name === undefined ? all : all.filter((check) => check.name === name);
  if (name !== undefined && asked.length === 0) return send(response, 404, 'not found\n');
  const results = asked.map(({name, check}) => ({name, wrong: wrongOf(check)}));
  const isWell = results.every(({wrong}) => wrong === undefined);
  if (isWell && !searchParams.has('verbose')) return send(response, 200, 'ok');
  const lines = results.map(({name, wrong}) => (wrong === undefined ? `[+]${name} ok` : `[-]${name} failed: ${wrong}`));
  return send(response, isWell ? 200 : 500, `${[...lines, `${area} check ${isWell ? 'passed' : 'failed'}`].join('\n')}\n`);
}

function wrongOf(check: Check['check']): string | undefined {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function send(response: ServerResponse, code: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(code, {'content-type': type, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store'});
  response.end(text);
}
