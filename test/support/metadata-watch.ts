import {Agent, request} from 'undici';
import {jsonLines} from '../../src/kube/json-lines.ts';
import type {KubeObject} from '../../src/schema/object.ts';
import type {Cluster} from '../cluster/start.ts';

export type Seen = (change: 'ADDED' | 'MODIFIED' | 'DELETED', metadata: KubeObject['metadata'], at: number) => void;

/**
 * Watches metadata alone, of all objects in the path's list: the API server sends a tenth of what a whole Secret is, so that
 * watching hardly slows down what is watched. `at` is in milliseconds, as performance.now. Resolves when it has begun; the answer
 * ends it, and throws where it broke meanwhile.
 */
export async function watchMetadata({server, ca, adminToken}: Cluster, path: string, onSeen: Seen): Promise<() => Promise<void>> {
  const dispatcher = new Agent({connect: {ca}, headersTimeout: 0, bodyTimeout: 0});
  const stop = new AbortController();
  const ask = async (query: string, accept: string) => {
    const url = `${server}${path}${path.includes('?') ? '&' : '?'}${query}`;
    const answer = await request(url, {dispatcher, signal: stop.signal, headers: {authorization: `Bearer ${adminToken}`, accept}});
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${await answer.body.text()}`);
    return answer.body;
  };
  const list = await ask('limit=1', as('PartialObjectMetadataList'));
  const {metadata} = (await list.json()) as {readonly metadata: {readonly resourceVersion: string}};
  const body = await ask(`watch=true&timeoutSeconds=3600&resourceVersion=${metadata.resourceVersion}`, as('PartialObjectMetadata'));
  const following = follow();

  async function follow(): Promise<unknown> {
    try {
      for await (const line of jsonLines(body)) {
        const {type, object} = line as {readonly type: Parameters<Seen>[0] | 'ERROR'; readonly object: KubeObject};
        if (type === 'ERROR') return new Error(JSON.stringify(object));
        onSeen(type, object.metadata, performance.now());
      }
      return new Error(`the watch of ${path} ended`);
    } catch (error) {
      return error;
    }
  }

  return async () => {
    const before = await Promise.race([following, Promise.resolve(undefined)]);
    stop.abort();
    await following;
    await dispatcher.destroy();
    if (before !== undefined) throw before;
  };
}

function as(what: string): string {
  return `application/json;as=${what};g=meta.k8s.io;v=v1`;
}
