import type {Kube} from '../../../src/kube/kube.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import {secrets} from '../../../src/schema/types.ts';
import {fingerprint} from '../../cloud/gateway/tokens.ts';
import {dockerConfigIn} from '../scene.ts';
import {follow} from './follow.ts';
import type {Held} from './judge.ts';

/** Which token each namespace's pull secret held, and since when. */
export interface HeldTokens {
  readonly history: readonly Held[];
  /** What a namespace's Secret holds now. */
  now(namespace: string): Held | undefined;
  stop(): Promise<void>;
}

/** `host`: whose entry of the Secrets counts. */
export function watchTokens(kube: Kube, secretName: string, host: string): HeldTokens {
  const history: Held[] = [];
  const latest = new Map<string, Held>();
  const stopping = new AbortController();
  const options = {fieldSelector: `metadata.name=${secretName}`, signal: stopping.signal};
  const watching = follow(kube, secrets, options, (secret: KubeObject) => {
    const {namespace = ''} = secret.metadata;
    const password = dockerConfigIn(secret)?.auths[host]?.password;
    if (password === undefined) return;
    const held = {namespace, fingerprint: fingerprint(password), from: Date.now()};
    if (latest.get(namespace)?.fingerprint === held.fingerprint) return;
    latest.set(namespace, held);
    history.push(held);
  });
  return {
    history,
    now: (namespace) => latest.get(namespace),
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
