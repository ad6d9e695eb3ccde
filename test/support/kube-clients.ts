import {setTimeout as delay} from 'node:timers/promises';
import {createKube} from '../../src/kube/client.ts';
import {loadConfig, type Config} from '../../src/kube/config.ts';
import type {Kube} from '../../src/kube/kube.ts';
import {createTransport} from '../../src/kube/transport.ts';
import type {Transport, TransportOptions} from '../../src/kube/transport.ts';
import type {FakeServer} from './fake-api-server.ts';

export const realDoors = {
  now: () => performance.now(),
  random: Math.random,
  sleep: (milliseconds: number, signal?: AbortSignal) => delay(milliseconds, undefined, signal === undefined ? {} : {signal}),
};

export const token = 'a-token-that-must-not-be-seen';

/** A configuration with a bearer token for a fake server. */
export function configFor(
  server: Pick<FakeServer, 'url' | 'certificate'>,
  changes: {readonly cluster?: object; readonly user?: object} = {},
): Config {
  const caData = Buffer.from(server.certificate.cert).toString('base64');
  return {
    cluster: {name: 'fake', server: server.url, caData, skipTLSVerify: false, ...changes.cluster},
    user: {name: 'tester', token, ...changes.user},
    namespace: 'default',
  };
}

export function connect(server: FakeServer, options: Partial<TransportOptions> = {}): {readonly kube: Kube; readonly transport: Transport} {
  const transport = createTransport({version: '1.2.3', config: configFor(server), doors: realDoors, ...options});
  return {transport, kube: createKube(transport)};
}

/** Waits for what others bring about; fails in words after `milliseconds`. */
export async function until(condition: () => boolean, what: string, milliseconds = 5000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`still not so after ${milliseconds} ms: ${what}`);
    await delay(5);
  }
}

/** The operator's own client, as the user of a kubeconfig. */
export function kubeFor(kubeconfig: string): {readonly kube: Kube; readonly close: () => Promise<void>} {
  const transport = createTransport({version: 'test', config: loadConfig({env: {}, kubeconfig}), doors: realDoors});
  return {kube: createKube(transport), close: () => transport.close()};
}
