import {request} from 'node:https';

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
