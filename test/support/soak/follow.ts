import {setTimeout as sleep} from 'node:timers/promises';
import type {Kube, ListOptions} from '../../../src/kube/kube.ts';
import type {KubeObject} from '../../../src/schema/object.ts';
import type {ResourceType} from '../../../src/schema/resource-type.ts';

/**
 * Tells every version of every object, also across an API server that goes away: then all that is there is told again.
 * What is deleted is not told. Resolves when `signal` aborts.
 */
export async function follow(
  kube: Kube,
  type: ResourceType,
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'> & {readonly signal: AbortSignal},
  tell: (object: KubeObject) => void,
): Promise<void> {
  const {signal} = options;
  while (!signal.aborted) {
    try {
      const {items, resourceVersion} = await kube.list(type, options);
      for (const object of items) tell(object);
      for await (const change of kube.watch(type, {...options, resourceVersion, timeoutSeconds: 300})) {
        if (change.type === 'ADDED' || change.type === 'MODIFIED') tell(change.object);
      }
    } catch {
      // Faults are what this is for.
    }
    await sleep(100);
  }
}
