import type {KubeObject} from '../schema/object.ts';
import type {ResourceType} from '../schema/resource-type.ts';
import {isGone} from './errors.ts';
import type {Kube, ListOptions} from './kube.ts';

/** A whole list at one resourceVersion. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/**
 * Reads all pages; each object is kept as `keep` makes it, so what a caller does not want is gone before the next
 * page comes. Where the continue token expires on the way (a list that takes longer than etcd's compaction, 5 min),
 * begins again with a single page, as client-go's pager does.
 */
export async function readPages<T>(
  kube: Pick<Kube, 'page'>,
  type: ResourceType,
  options: ListOptions,
  keep: (object: KubeObject) => T,
): Promise<Listed<T>> {
  try {
    return await everyPage(kube, type, options, keep);
  } catch (error) {
    if (!isGone(error)) throw error;
    return everyPage(kube, type, {...options, limit: 0}, keep);
  }
}

async function everyPage<T>(
  kube: Pick<Kube, 'page'>,
  type: ResourceType,
  options: ListOptions,
  keep: (object: KubeObject) => T,
): Promise<Listed<T>> {
  const items: T[] = [];
  let page = await kube.page(type, options);
  for (;;) {
    for (const item of page.items) items.push(keep(item));
    if (page.continue === undefined) return {items, resourceVersion: page.resourceVersion};
    // A continue token carries its resourceVersion, and the API server refuses both together.
    const {resourceVersion: _, ...rest} = options;
    page = await kube.page(type, {...rest, continue: page.continue});
  }
}
