import type {KubeObject} from '../schema/object.ts';

/** The objects of one source as last seen, by namespace and name. */
export interface Store {
  get(name: string, namespace?: string): KubeObject | undefined;
  /** All, or those of one namespace. The same array until one of them changes; of 20,000 objects, a lookup. */
  list(namespace?: string): readonly KubeObject[];
  /** What was there before. */
  set(object: KubeObject): KubeObject | undefined;
  /** What was there. */
  delete(name: string, namespace?: string): KubeObject | undefined;
  readonly size: number;
}

/** Objects of one namespace (or the cluster-scoped ones), with the array of them while it is up to date. */
interface Shelf {
  readonly objects: Map<string, KubeObject>;
  array: readonly KubeObject[] | undefined;
}

const clusterScoped = '';

export function createStore(): Store {
  const shelves = new Map<string, Shelf>();
  let all: readonly KubeObject[] | undefined;
  let size = 0;

  function shelfOf(namespace: string): Shelf {
    const known = shelves.get(namespace);
    if (known !== undefined) return known;
    const shelf: Shelf = {objects: new Map(), array: undefined};
    shelves.set(namespace, shelf);
    return shelf;
  }

  function listOf(shelf: Shelf): readonly KubeObject[] {
    shelf.array ??= [...shelf.objects.values()];
    return shelf.array;
  }

  function set(object: KubeObject): KubeObject | undefined {
    const {name, namespace = clusterScoped} = object.metadata;
    const shelf = shelfOf(namespace);
    const before = shelf.objects.get(name);
    shelf.objects.set(name, object);
    if (before === undefined) size += 1;
    shelf.array = undefined;
    all = undefined;
    return before;
  }

  function remove(name: string, namespace = clusterScoped): KubeObject | undefined {
    const shelf = shelves.get(namespace);
    const before = shelf?.objects.get(name);
    if (shelf === undefined || before === undefined) return undefined;
    shelf.objects.delete(name);
    size -= 1;
    shelf.array = undefined;
    all = undefined;
    if (shelf.objects.size === 0) shelves.delete(namespace);
    return before;
  }

  function list(namespace?: string): readonly KubeObject[] {
    if (namespace === undefined) {
      all ??= [...shelves.values()].flatMap((shelf) => listOf(shelf));
      return all;
    }
    const shelf = shelves.get(namespace);
    return shelf === undefined ? none : listOf(shelf);
  }

  return {
    get: (name, namespace = clusterScoped) => shelves.get(namespace)?.objects.get(name),
    list,
    set,
    delete: remove,
    get size() {
      return size;
    },
  };
}

const none: readonly KubeObject[] = [];
