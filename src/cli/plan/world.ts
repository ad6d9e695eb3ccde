import {isDeepStrictEqual} from 'node:util';
import {readSpec} from '../../engine/read-spec.ts';
import type {Cache} from '../../kinds/cache.ts';
import type {Source} from '../../kinds/kind.ts';
import type {Definition} from '../../schema/definition.ts';
import type {KubeObject} from '../../schema/object.ts';
import type {ResourceType} from '../../schema/resource-type.ts';

/** Objects as the cluster has them, by the name of their source and then by `keyOf`; without a cluster, none. */
export type Live = ReadonlyMap<string, ReadonlyMap<string, KubeObject>>;

/** The world as it will be once the manifests are applied: what the cluster has, with what the files say on top. */
export function cacheOf(live: Live, manifests: readonly KubeObject[]): Cache {
  const known = new Map<string, ReadonlyMap<string, KubeObject>>();
  const objectsOf = (source: Source): ReadonlyMap<string, KubeObject> => {
    const found = known.get(source.name);
    if (found !== undefined) return found;
    const objects = new Map(live.get(source.name));
    // What only the operator makes is in no file.
    if (source.labelSelector === undefined) {
      for (const manifest of manifests.filter((each) => isOf(source.type, each))) {
        objects.set(keyOf(manifest), applied(manifest, objects.get(keyOf(manifest))));
      }
    }
    known.set(source.name, objects);
    return objects;
  };
  return {
    get: (source, name, namespace) => objectsOf(source).get(`${namespace ?? ''}/${name}`),
    list: (source, namespace) =>
      [...objectsOf(source).values()].filter(({metadata}) => namespace === undefined || metadata.namespace === namespace),
  };
}

/** An object as it will be once its manifest is applied: with what the API server and the operator have written. */
export function applied(manifest: KubeObject, live: KubeObject | undefined, definition?: Definition): KubeObject {
  const {status: _, ...own} = manifest;
  if (live === undefined) return own;
  const {generation} = live.metadata;
  const isChanged = definition !== undefined && !isSameSpec(definition, own, live);
  const metadata = {
    ...live.metadata,
    ...own.metadata,
    labels: {...live.metadata.labels, ...own.metadata.labels},
    ...(generation !== undefined && {generation: isChanged ? generation + 1 : generation}),
  };
  return {...live, ...own, metadata, ...(live['status'] !== undefined && {status: live['status']})};
}

function isSameSpec(definition: Definition, one: KubeObject, other: KubeObject): boolean {
  try {
    return isDeepStrictEqual(readSpec(definition, one).spec, readSpec(definition, other).spec);
  } catch {
    return false;
  }
}

export function isOf({apiVersion, kind}: ResourceType, object: KubeObject): boolean {
  return object.apiVersion === apiVersion && object.kind === kind;
}

export function keyOf({metadata}: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
