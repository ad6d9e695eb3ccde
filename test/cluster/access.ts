import {request} from 'node:https';
import {setTimeout as sleep} from 'node:timers/promises';

/** What it takes to call an API server as somebody. */
export interface Access {
  /** `https://127.0.0.1:port` */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export function callApi(access: Access, method: string, path: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, access.server),
      {
        method,
        ca: access.ca,
        agent: false,
        timeout: 10_000,
        headers: {authorization: `Bearer ${access.token}`, 'content-type': 'application/json', accept: 'application/json'},
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString()}));
      },
    );
    call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer in 10 s`)));
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export interface Patience {
  /** Default: 120. */
  readonly seconds?: number;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Polls until `check` holds; an error counts as not yet, and the last one is the cause of what is thrown after `seconds`. */
export async function until(what: string, check: () => Promise<boolean>, {seconds = 120, signal}: Patience = {}): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await check()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(100);
    signal?.throwIfAborted();
  }
  throw new Error(`not within ${seconds} s: ${what}`, {cause: last});
}

/** A kubeconfig with one bearer token. JSON is YAML. */
export function kubeconfigText({server, ca, token}: Access): string {
  const cluster = ca === '' ? {server} : {server, 'certificate-authority-data': Buffer.from(ca).toString('base64')};
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'drayage',
      clusters: [{name: 'drayage', cluster}],
      users: [{name: 'drayage', user: {token}}],
      contexts: [{name: 'drayage', context: {cluster: 'drayage', user: 'drayage'}}],
    },
    undefined,
    2,
  );
}
